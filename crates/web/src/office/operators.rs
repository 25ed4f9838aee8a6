//! `/office/operators`: the operators, for administrators.

use app::{
    queries::operators as queries,
    use_cases::operators::{
        block_operator::block_operator,
        create_operator::{self, Created, create_operator},
        reset_operator::reset_operator,
    },
};
use axum::extract::Path;
use domain::{id::OperatorId, operator::Permission};
use render::{
    Form, Msg, Tone,
    pages::office::{NewOperator, OperatorLine, OperatorPassword, Operators, ResetOperator},
};

use crate::{
    Answer, FormData, Operator,
    answer::{mendable, with_problem, words},
};

const PAGE: &str = "/office/operators";

pub(super) async fn list(operator: Operator) -> Answer {
    operator.must(Permission::ManageOperators)?;
    let rows = queries::list(&operator.visit.cx).await?.into_iter().map(|o| OperatorLine {
        id: o.operator.to_string(),
        username: o.username,
        name: o.name,
        role: o.role.map(|r| r.as_str().to_owned()),
        blocked: o.blocked,
        enrolled: o.enrolled,
        last_login_at: o.last_login_at,
        own: o.operator == operator.operator,
    });
    operator.visit.page(&Operators { rows: rows.collect() })
}

pub(super) async fn new(operator: Operator) -> Answer {
    operator.must(Permission::ManageOperators)?;
    operator.visit.page(&NewOperator { form: Form::new() })
}

pub(super) async fn create(operator: Operator, form: FormData) -> Answer {
    operator.must(Permission::ManageOperators)?;
    operator.visit.step_up(&form).await?;
    let typed = create_operator::NewOperator {
        username: form.get("username").into(),
        name: form.get("name").into(),
        role: form.get("role").into(),
    };
    match create_operator(&operator.visit.cx, typed).await {
        Ok(created) => handed_out(&operator, created),
        Err(p) if mendable(&p) => operator.visit.page(&NewOperator { form: with_problem(form.shown(), &p) }),
        Err(p) => Err(p.into()),
    }
}

fn handed_out(operator: &Operator, created: Created) -> Answer {
    operator.visit.page(&OperatorPassword { username: created.username, password: created.password })
}

pub(super) async fn ask_reset(operator: Operator, Path(id): Path<OperatorId>) -> Answer {
    operator.must(Permission::ManageOperators)?;
    let other = queries::one(&operator.visit.cx, id).await?;
    operator.visit.page(&ResetOperator { id: id.to_string(), username: other.username })
}

pub(super) async fn reset(operator: Operator, Path(id): Path<OperatorId>, form: FormData) -> Answer {
    operator.must(Permission::ManageOperators)?;
    operator.visit.step_up(&form).await?;
    match reset_operator(&operator.visit.cx, id).await {
        Ok(created) => handed_out(&operator, created),
        Err(p) if mendable(&p) => operator.visit.go_saying(PAGE, Tone::Err, words(&p)),
        Err(p) => Err(p.into()),
    }
}

pub(super) async fn block(operator: Operator, Path(id): Path<OperatorId>, form: FormData) -> Answer {
    operator.must(Permission::ManageOperators)?;
    operator.visit.step_up(&form).await?;
    let blocked = form.get("blocked") != "no";
    let said = if blocked { "office-operator-was-blocked" } else { "office-operator-was-unblocked" };
    match block_operator(&operator.visit.cx, id, blocked).await {
        Ok(()) => operator.visit.go_saying(PAGE, Tone::Ok, Msg::new(said)),
        Err(p) if mendable(&p) => operator.visit.go_saying(PAGE, Tone::Err, words(&p)),
        Err(p) => Err(p.into()),
    }
}
