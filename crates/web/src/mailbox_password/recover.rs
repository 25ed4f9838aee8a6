//! «Reset password» of a mailbox. The answer is the same for everybody.

use app::use_cases::mailboxes::{RequestReset, ResetPage, ResetPassword, look_at_reset, request_reset, reset_password};
use axum::extract::Path;
use render::{
    Form, Msg, Tone,
    pages::{
        mailbox_password::{ResetChoose, ResetRequest, ResetSent},
        public::Message,
    },
};

use super::{new_password, rules};
use crate::{
    Answer, FormData, Visit,
    accounts::{asks_proof, proof},
    answer::{mendable, with_problem},
};

fn asking(visit: &Visit, form: Form) -> ResetRequest {
    ResetRequest { challenge: asks_proof(visit, "mailbox-reset", &form), form }
}

pub(super) async fn ask(visit: Visit) -> Answer {
    visit.page(&asking(&visit, Form::new()))
}

pub(super) async fn send(visit: Visit, form: FormData) -> Answer {
    let input = RequestReset {
        address: form.get("address").to_owned(),
        tax_code: form.get("tax_code").to_owned(),
        ip: visit.ip.clone(),
        proof: proof(&form),
    };
    match request_reset(&visit.cx, input).await {
        Ok(sent) => visit.page(&ResetSent { masked: sent.masked, hours: sent.hours }),
        Err(p) if mendable(&p) => visit.page(&asking(&visit, with_problem(form.shown(), &p))),
        Err(p) => Err(p.into()),
    }
}

pub(super) async fn show(visit: Visit, Path(token): Path<String>) -> Answer {
    page(&visit, token, Form::new()).await
}

async fn page(visit: &Visit, token: String, form: Form) -> Answer {
    match look_at_reset(&visit.cx, &token).await? {
        ResetPage::Choose { address, .. } => {
            visit.page(&ResetChoose { form, token, rules: rules(&visit.cx, &address) })
        }
        ResetPage::Dead => {
            let again = Msg::new("mailbox-reset-way-recover");
            visit.page(&Message::named("mailbox-reset-dead").way("/mailbox/recover", again))
        }
    }
}

pub(super) async fn save(visit: Visit, Path(token): Path<String>, form: FormData) -> Answer {
    let input = ResetPassword { token: token.clone(), new: new_password(&form) };
    match reset_password(&visit.cx, input).await {
        Ok(_) => visit.go_saying("/login", Tone::Ok, Msg::new("mailbox-reset-done")),
        Err(p) if mendable(&p) => page(&visit, token, with_problem(Form::new(), &p)).await,
        Err(p) => Err(p.into()),
    }
}
