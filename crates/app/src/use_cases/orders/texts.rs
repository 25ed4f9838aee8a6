//! Effects and audit lines with their texts made, ready to ride in one flight with other rows.

use domain::{
    audit::AuditLine,
    effect::EffectRequest,
    id::{AuditId, EffectId},
};
use store::{audit, effects};
use uuid::Uuid;

use crate::Cx;

/// A request for an effect with its identifier and its payload as text.
pub(crate) struct EffectText<'a> {
    id: Uuid,
    request: &'a EffectRequest,
    payload: String,
    trace: &'a str,
    created_at: i64,
}
impl<'a> EffectText<'a> {
    pub(crate) fn new(cx: &'a Cx, request: &'a EffectRequest) -> Self {
        let id: EffectId = cx.new_id();
        let (payload, created_at) = (request.payload.to_string(), cx.now().micros());
        Self { id: id.uuid(), request, payload, trace: &cx.trace, created_at }
    }
    pub(crate) fn row(&self) -> effects::NewEffect<'_> {
        let r = self.request;
        effects::NewEffect {
            id: self.id,
            kind: r.kind,
            subject_kind: r.subject_kind,
            subject_id: r.subject_id,
            payload: &self.payload,
            dedup_key: r.dedup_key.as_deref(),
            run_at: r.run_at.micros(),
            trace: self.trace,
            created_at: self.created_at,
        }
    }
}

/// An audit line with its identifier and its details as text.
pub(crate) struct LineText<'a> {
    id: Uuid,
    at: i64,
    actor_kind: &'static str,
    actor_id: Option<Uuid>,
    line: &'a AuditLine,
    details: String,
    trace: &'a str,
}
impl<'a> LineText<'a> {
    pub(crate) fn new(cx: &'a Cx, line: &'a AuditLine) -> Self {
        let id: AuditId = cx.new_id();
        Self {
            id: id.uuid(),
            at: cx.now().micros(),
            actor_kind: cx.actor.kind(),
            actor_id: cx.actor.uuid(),
            line,
            details: line.details.to_string(),
            trace: &cx.trace,
        }
    }
    pub(crate) fn row(&self) -> audit::NewLine<'_> {
        audit::NewLine {
            id: self.id,
            at: self.at,
            actor_kind: self.actor_kind,
            actor_id: self.actor_id,
            action: self.line.action,
            subject_kind: self.line.subject_kind,
            subject_id: self.line.subject_id,
            details: &self.details,
            trace: self.trace,
        }
    }
}
