//! The secret question of a registry record: set, replaced, taken away (domain notes 1.2, 1.7). The answer is kept
//! as a hash only.

use domain::{
    id::PartyId,
    ident::text::{Text, secret_answer_key},
};
use store::parties;

use super::change_contacts::tell;
use crate::{Cx, FieldProblem, Problem, hashing::SALT_LEN};

/// Longest question and answer.
const MAX: usize = 120;

/// Sets question and answer; both empty take them away.
///
/// # Errors
/// `missing-secret-question`, `missing-secret-answer`, `secret-answer-in-question`, or what is wrong with a text,
/// at `secret_question` and `secret_answer`.
pub async fn change_question(cx: &Cx, party: PartyId, question: &str, answer: &str) -> Result<(), Problem> {
    let new = match read(question, answer)? {
        Some((question, answer)) => {
            let hash = cx.hashing().hash(&secret_answer_key(&answer), cx.random::<SALT_LEN>()).await?;
            Some((question, hash))
        }
        None => None,
    };
    let cx2 = cx.clone();
    cx.write(async move |tx| {
        let row = parties::by_id(tx, party.uuid()).await?.ok_or_else(Problem::not_found)?;
        if new.is_none() && row.secret_question.is_none() {
            return Ok(());
        }
        let kept = new.as_ref().map(|(question, hash)| (question.as_str(), hash.as_str()));
        parties::set_question(tx, row.id, kept, cx2.now().micros()).await?;
        tell(tx, &cx2, &row, &["secret_question"]).await
    })
    .await
}

fn read(question: &str, answer: &str) -> Result<Option<(String, String)>, Problem> {
    let mut wrong = Vec::new();
    let mut text = |field: &str, raw: &str| match Text::optional_line(raw, MAX) {
        Ok(text) => text.map(Text::into_string),
        Err(refusal) => {
            wrong.push(FieldProblem::new(field, refusal.code()));
            None
        }
    };
    let (question, answer) = (text("secret_question", question), text("secret_answer", answer));
    if !wrong.is_empty() {
        return Err(Problem::invalid(wrong));
    }
    match (question, answer) {
        (None, None) => Ok(None),
        (Some(_), None) => Err(Problem::invalid_field("secret_answer", "missing-secret-answer")),
        (None, Some(_)) => Err(Problem::invalid_field("secret_question", "missing-secret-question")),
        (Some(question), Some(answer)) => {
            let key = secret_answer_key(&answer);
            // A question that holds its answer is a door with the key in it; one or two letters are no answer.
            if key.chars().count() < 3 || secret_answer_key(&question).contains(&key) {
                return Err(Problem::invalid_field("secret_answer", "secret-answer-in-question"));
            }
            Ok(Some((question, answer)))
        }
    }
}
