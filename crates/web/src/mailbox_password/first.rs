//! The link for the first password. Opening it changes nothing, since mail scanners open links too.

use app::use_cases::mailboxes::{
    LinkPage, SetFirstPassword, look_at_link, resend_link, resend_own_link, set_first_password,
};
use axum::extract::Path;
use domain::id::MailboxId;
use render::{
    Form, Msg, Tone,
    pages::{
        mailbox_password::{FirstPassword, FirstPasswordDone, FirstPasswordExpired, Server},
        public::Message,
    },
};

use super::{new_password, rules};
use crate::{
    Answer, Customer, FormData, Visit,
    answer::{mendable, with_problem, words},
};

pub(super) async fn show(visit: Visit, Path(token): Path<String>) -> Answer {
    page(&visit, token, Form::new()).await
}

async fn page(visit: &Visit, token: String, form: Form) -> Answer {
    match look_at_link(&visit.cx, &token).await? {
        LinkPage::Choose { address } => visit.page(&FirstPassword { form, token, rules: rules(&visit.cx, &address) }),
        LinkPage::Expired { address } => visit.page(&FirstPasswordExpired { form, token, address }),
        LinkPage::Used { .. } => {
            let recover = Msg::new("mailbox-reset-way-recover");
            visit.page(&Message::named("first-password-used").way("/mailbox/recover", recover))
        }
        LinkPage::Gone => visit.page(&Message::named("first-password-gone").way("/", home())),
        LinkPage::Unknown => visit.page(&Message::named("first-password-unknown").way("/", home())),
    }
}

fn home() -> Msg {
    Msg::new("mailbox-reset-way-home")
}

pub(super) async fn save(visit: Visit, Path(token): Path<String>, form: FormData) -> Answer {
    let input = SetFirstPassword { token: token.clone(), new: new_password(&form) };
    match set_first_password(&visit.cx, input).await {
        Ok(set) => {
            let servers = &visit.cx.settings().mail_servers;
            let server = |host: &str, port: u16| Server { host: host.into(), port: port.into() };
            visit.page(&FirstPasswordDone {
                address: set.address,
                usable: set.usable,
                imap: server(&servers.imap_host, servers.imap_port),
                pop3: server(&servers.pop3_host, servers.pop3_port),
                smtp: server(&servers.smtp_host, servers.smtp_port),
            })
        }
        Err(p) if mendable(&p) => page(&visit, token, with_problem(Form::new(), &p)).await,
        Err(p) => Err(p.into()),
    }
}

/// «Invia di nuovo» on the page of an expired link.
pub(super) async fn again(visit: Visit, Path(token): Path<String>, _form: FormData) -> Answer {
    match resend_link(&visit.cx, &token).await {
        Ok(()) => visit.go_saying(&format!("/password/{token}"), Tone::Ok, Msg::new("first-password-again-sent")),
        Err(p) if mendable(&p) => page(&visit, token, with_problem(Form::new(), &p)).await,
        Err(p) => Err(p.into()),
    }
}

/// «Invia di nuovo» on the mailbox card.
pub(super) async fn resend(customer: Customer, Path(mailbox): Path<MailboxId>, _form: FormData) -> Answer {
    let visit = &customer.visit;
    let card = format!("/account/mailboxes/{mailbox}");
    match resend_own_link(&visit.cx, mailbox).await {
        Ok(()) => visit.go_saying(&card, Tone::Ok, Msg::new("first-password-again-sent")),
        Err(p) if mendable(&p) => visit.go_saying(&card, Tone::Err, words(&p)),
        Err(p) => Err(p.into()),
    }
}
