//! The change of a mailbox's password, from the account that bought it or from the mailbox itself.

use app::{
    Problem,
    use_cases::mailboxes::{ChangePassword, change_password, change_password::own},
};
use axum::extract::Path;
use domain::id::MailboxId;
use render::{
    Form, Msg, Tone,
    pages::mailbox_password::{ChangeInAccount, ChangeInMailbox},
};

use super::{new_password, rules};
use crate::{
    Answer, Customer, FormData, Holder, Visit,
    answer::{mendable, with_problem},
};

pub(super) async fn in_account(customer: Customer, Path(mailbox): Path<MailboxId>) -> Answer {
    account_page(&customer.visit, mailbox, Form::new()).await
}

async fn account_page(visit: &Visit, mailbox: MailboxId, form: Form) -> Answer {
    let owner = own(&visit.cx, mailbox).await?;
    visit.page(&ChangeInAccount { form, mailbox: mailbox.to_string(), rules: rules(&visit.cx, &owner.address) })
}

pub(super) async fn save_in_account(customer: Customer, Path(mailbox): Path<MailboxId>, form: FormData) -> Answer {
    let visit = &customer.visit;
    match save(visit, mailbox, &form).await {
        Ok(()) => {
            let card = format!("/account/mailboxes/{mailbox}");
            visit.go_saying(&card, Tone::Ok, Msg::new("mailbox-change-done"))
        }
        Err(p) if mendable(&p) => account_page(visit, mailbox, with_problem(Form::new(), &p)).await,
        Err(p) => Err(p.into()),
    }
}

pub(super) async fn in_mailbox(holder: Holder) -> Answer {
    mailbox_page(&holder.visit, holder.mailbox, Form::new()).await
}

async fn mailbox_page(visit: &Visit, mailbox: MailboxId, form: Form) -> Answer {
    let owner = own(&visit.cx, mailbox).await?;
    visit.page(&ChangeInMailbox { form, rules: rules(&visit.cx, &owner.address) })
}

pub(super) async fn save_in_mailbox(holder: Holder, form: FormData) -> Answer {
    let visit = &holder.visit;
    match save(visit, holder.mailbox, &form).await {
        Ok(()) => visit.go_saying("/mailbox", Tone::Ok, Msg::new("mailbox-change-done")),
        Err(p) if mendable(&p) => mailbox_page(visit, holder.mailbox, with_problem(Form::new(), &p)).await,
        Err(p) => Err(p.into()),
    }
}

async fn save(visit: &Visit, mailbox: MailboxId, form: &FormData) -> Result<(), Problem> {
    let input = ChangePassword {
        mailbox,
        old: form.raw("old_password").to_owned(),
        new: new_password(form),
        keep: visit.signed_in.as_ref().map(|s| s.session),
    };
    change_password(&visit.cx, input).await
}
