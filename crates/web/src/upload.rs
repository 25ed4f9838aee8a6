//! A form with one file, as it arrives: origin and token are checked, the size is that of every form.

use axum::{
    extract::{FromRequest, Multipart, Request, multipart::MultipartError},
    http::StatusCode,
};

use crate::{AppState, Refusal, answer::plain, csrf, frame::Frame};

/// The file of the field `file`; empty when none was chosen.
#[derive(Clone, Debug, Default)]
pub struct Upload {
    pub file: Vec<u8>,
}

impl FromRequest<AppState> for Upload {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, Refusal> {
        let (parts, body) = request.into_parts();
        let frame = Frame::around(&parts);
        if !csrf::same_origin(state, &parts.headers) {
            return Err(plain(StatusCode::FORBIDDEN, "form-expired"));
        }
        let request = Request::from_parts(parts, body);
        let wrong_type = |_| plain(StatusCode::UNSUPPORTED_MEDIA_TYPE, "wrong-type");
        let mut fields = Multipart::from_request(request, state).await.map_err(wrong_type)?;
        let (mut upload, mut token) = (Self::default(), String::new());
        while let Some(field) = fields.next_field().await.map_err(refused)? {
            match field.name() {
                Some("csrf") => token = field.text().await.map_err(refused)?,
                Some("file") => upload.file = field.bytes().await.map_err(refused)?.into(),
                _ => {}
            }
        }
        if !csrf::holds(state, frame.binding(), &token) {
            return Err(plain(StatusCode::FORBIDDEN, "form-expired"));
        }
        Ok(upload)
    }
}

fn refused(error: MultipartError) -> Refusal {
    match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => plain(StatusCode::PAYLOAD_TOO_LARGE, "too-large"),
        _ => plain(StatusCode::BAD_REQUEST, "bad-request"),
    }
}
