//! «Non ricordi lo username».

use app::use_cases::accounts::{prove_work::prove_work, recover_username};
use render::{
    Form, Msg,
    pages::{public::Message, recover::RecoverUsername},
};

use crate::{
    Answer, FormData, Visit,
    accounts::{asks_proof, proof},
    answer::{mendable, with_problem},
};

fn page(visit: &Visit, form: Form) -> RecoverUsername {
    RecoverUsername { challenge: asks_proof(visit, "recover", &form), form }
}

pub(super) async fn ask(visit: Visit) -> Answer {
    visit.page(&page(&visit, Form::new()))
}

pub(super) async fn send(visit: Visit, form: FormData) -> Answer {
    let sent = async {
        prove_work(&visit.cx, proof(&form).as_deref(), "recover", &visit.ip).await?;
        recover_username::recover_username(&visit.cx, form.get("who"), &visit.ip).await
    };
    match sent.await {
        Ok(()) => visit.page(&sent_page("recover-username-sent")),
        Err(p) if mendable(&p) => visit.page(&page(&visit, with_problem(form.shown(), &p))),
        Err(p) => Err(p.into()),
    }
}

/// The neutral answer: the same for known and unknown data.
pub(super) fn sent_page(name: &str) -> Message {
    Message {
        title: Msg::new(format!("{name}-title")),
        paragraphs: vec![Msg::new(format!("{name}-text")), Msg::new("recover-sent-spam")],
        ways: vec![],
        reference: String::new(),
    }
    .way("/login", Msg::new("recover-back-to-login"))
}
