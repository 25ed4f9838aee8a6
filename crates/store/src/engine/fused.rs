//! Writes that stand side by side in a batch leave for PostgreSQL as one statement, where they need not see each other.
//!
//! Each statement is a message, which the server reads and answers by system calls of its own: for rows as small as those of
//! an order that is a good part of what they cost. A `WITH` carries any number of writes, checks foreign keys after
//! the last of them, and fails as a whole. All of them see what was there before the first.

use std::{
    borrow::Cow,
    collections::HashMap,
    sync::{LazyLock, Mutex, PoisonError},
};

use crate::{
    sql::Statement,
    tx::{Batch, Item},
    value::P,
};

/// Most writes of a message: an order of many mailboxes is some messages of one text, and not one of a text of its own.
const MOST: usize = 16;
/// Most texts that are made, and most that begin with the same statement: orders have as many as numbers of mailboxes.
/// Each stays prepared on every connection, so what comes later goes one by one.
const MOST_TEXTS: usize = 128;
const MOST_OF_A_KIND: usize = 8;

/// What leaves at once: a statement, or several.
pub(crate) struct Message<'b> {
    pub text: &'static str,
    pub args: Cow<'b, [P<'b>]>,
    /// How many statements of the batch it stands for.
    pub statements: usize,
}

/// The statements of a batch in their order.
pub(crate) fn messages<'b>(batch: &'b Batch<'_>) -> Vec<Message<'b>> {
    let mut out = Vec::with_capacity(batch.items.len());
    let mut rest = &batch.items[..];
    while let [first, ..] = rest {
        let together = together(rest);
        let joined = if together > 1 { text(&rest[..together]) } else { None };
        let n = if joined.is_some() { together } else { 1 };
        out.push(Message {
            text: joined.unwrap_or(first.statement.postgres),
            args: match joined {
                Some(_) => Cow::Owned(rest[..n].iter().flat_map(|i| i.args.iter().copied()).collect()),
                None => Cow::Borrowed(&first.args),
            },
            statements: n,
        });
        rest = &rest[n..];
    }
    out
}

/// How many from the first on need neither to be counted nor to see what the others did. The server chooses their order:
/// of those that write to one table, each inserts or fails.
fn together(items: &[Item<'_>]) -> usize {
    let beside = |a: &Statement, b: &Statement| a.table != b.table || (a.inserts_or_fails && b.inserts_or_fails);
    let joins = |n: usize| {
        let (item, before) = (&items[n], &items[..n]);
        let alone = item.count_is_certain() && item.statement.stands_alone;
        alone && before.iter().all(|b| beside(b.statement, item.statement))
    };
    (0..items.len().min(MOST)).take_while(|n| joins(*n)).count()
}

/// The text for these statements, made once.
fn text(items: &[Item<'_>]) -> Option<&'static str> {
    static TEXTS: LazyLock<Mutex<HashMap<Vec<usize>, &'static str>>> = LazyLock::new(Mutex::default);
    let key: Vec<usize> = items.iter().map(|i| std::ptr::from_ref::<Statement>(i.statement).addr()).collect();
    let mut texts = TEXTS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(made) = texts.get(&key) {
        return Some(made);
    }
    let of_its_kind = texts.keys().filter(|known| known.first() == key.first()).count();
    if texts.len() >= MOST_TEXTS || of_its_kind >= MOST_OF_A_KIND {
        return None;
    }
    let made: &'static str = join(items.iter().map(|i| (i.statement.postgres, i.args.len()))).leak();
    texts.insert(key, made);
    Some(made)
}

/// `WITH w0 AS (…), w1 AS (…) …`, with the values numbered through.
fn join<'s>(statements: impl ExactSizeIterator<Item = (&'s str, usize)>) -> String {
    let (last, mut before) = (statements.len() - 1, 0);
    let mut text = String::from("WITH ");
    for (n, (statement, values)) in statements.enumerate() {
        let renumbered = renumber(statement, before);
        before += values;
        let comma = if n + 1 < last { ", " } else { " " };
        text += &if n < last { format!("w{n} AS ({renumbered}){comma}") } else { renumbered };
    }
    text
}

/// `$1` becomes `$1 + before`.
fn renumber(statement: &str, before: usize) -> String {
    let mut parts = statement.split('$');
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (number, rest) = part.split_at(part.find(|c: char| !c.is_ascii_digit()).unwrap_or(part.len()));
        // A `$` without a number is none of ours; no statement that stands alone has one.
        let number = number.parse::<usize>().map_or_else(|_| number.to_owned(), |n| (n + before).to_string());
        text += &format!("${number}{rest}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{EngineKind, Error, addons, args, client_keys, ledger, orders, sql, statements, testing};

    sql!(RENAME = "UPDATE client_keys SET result = $3 WHERE scope = $1 AND key = $2");
    const RESULTS: &str = "SELECT result FROM client_keys ORDER BY key";

    const NOBODY: uuid::Uuid = uuid::Uuid::nil();

    fn three<'a>() -> Batch<'a> {
        let mut batch = Batch::new();
        batch.add(&client_keys::CLAIM_NEW, args!["s", "a", "1", 0], 1);
        batch.add(&client_keys::CLAIM_NEW, args!["s", "b", "2", 0], 1);
        batch.add_any(&ledger::ENSURE_ACCOUNT, args![NOBODY, "revenue", NOBODY, false]);
        batch
    }

    fn statements_of(messages: &[Message<'_>]) -> Vec<usize> {
        messages.iter().map(|m| m.statements).collect()
    }

    #[test]
    fn writes_side_by_side_are_one_message() {
        let mut batch = three();
        batch.add_any(&RENAME, args!["s", "b", "4"]);
        batch.add(&client_keys::CLAIM_NEW, args!["s", "c", "5", 0], 1);
        let sent = messages(&batch);
        assert_eq!(statements_of(&sent), [3, 1, 1], "a row is updated after it was inserted");
        assert!(sent[0].text.starts_with("WITH w0 AS (INSERT INTO client_keys"), "{}", sent[0].text);
        assert!(sent[0].text.contains(" VALUES ($5, $6, $7, $8)) INSERT INTO ledger_accounts"), "{}", sent[0].text);
        assert_eq!(sent[0].args.len(), 12);
        assert_eq!(sent[1].text, RENAME.statement.postgres);
        assert_eq!(messages(&three())[0].text.as_ptr(), sent[0].text.as_ptr(), "made once");
    }

    #[test]
    fn what_depends_on_an_order_keeps_it() {
        let mut batch = three();
        batch.add_any(&addons::RAISE, args![NOBODY, 1, 0]);
        batch.add_any(&ledger::POST_CHECKED, args![NOBODY, 1]);
        batch.add_any(&addons::RAISE, args![NOBODY, 1, 0]);
        assert_eq!(statements_of(&messages(&batch)), [4, 2], "an account is there before money goes to it");
        let mut batch = Batch::new();
        batch.add_any(&addons::RAISE, args![NOBODY, 1, 0]);
        batch.add_any(&addons::RAISE, args![NOBODY, 2, 0]);
        assert_eq!(statements_of(&messages(&batch)), [1, 1], "one of two updates of a row would be lost");
        let mut batch = Batch::new();
        batch.add_any(&client_keys::CLAIM, args!["s", "a", "1", 0]);
        batch.add_any(&client_keys::CLAIM, args!["s", "a", "2", 0]);
        assert_eq!(statements_of(&messages(&batch)), [1, 1], "who takes a key first keeps it");
    }

    #[test]
    fn what_must_be_counted_or_looks_at_others_goes_by_itself() {
        let mut batch = Batch::new();
        batch.add(&client_keys::CLAIM, args!["s", "a", "1", 0], 1);
        batch.add(&client_keys::CLAIM, args!["s", "b", "1", 0], 1);
        assert_eq!(messages(&batch).len(), 2);
        for st in statements() {
            let text = st.postgres;
            let looks = ["SELECT", "RETURNING", "DO UPDATE", " FROM ", "USING "].iter().any(|word| text.contains(word));
            assert!(!st.stands_alone || !looks, "{st:?}");
        }
        assert!(!ledger::TRANSFERS_OUT.statement.stands_alone, "it reads the balance that another has moved");
        assert!(orders::INSERT_LINE.statement.stands_alone);
    }

    #[test]
    fn so_many_texts_are_made_and_no_more() {
        let of = |keys: usize| {
            let mut batch = Batch::new();
            batch.add(&orders::INSERT_LINE_MONTHS, &[crate::P::N; 12], 1);
            (0..keys).for_each(|_| _ = batch.add(&client_keys::CLAIM_NEW, args!["s", "a", "1", 0], 1));
            messages(&batch).len()
        };
        assert!((1..=MOST_OF_A_KIND).all(|n| of(n) == 1));
        assert_eq!(of(MOST_OF_A_KIND + 1), 2, "the first goes by itself, and the others together");
        assert_eq!(of(1), 1, "what was made stays");
    }

    #[tokio::test]
    async fn they_do_what_they_would_one_by_one() {
        for engine in [EngineKind::Sqlite, EngineKind::Postgres] {
            let db = testing::fresh(engine).await;
            let wrote: Result<(), Error> = db.store.write(async |tx| tx.batch_commit(three()).await).await;
            wrote.unwrap();
            let rows: Vec<String> = db.store.all_text(RESULTS, &[]).await.unwrap();
            assert_eq!(rows, ["1", "2"], "{engine:?}");
            let again: Result<(), Error> = db
                .store
                .write(async |tx| {
                    let mut batch = Batch::new();
                    batch.add(&client_keys::CLAIM_NEW, args!["s", "c", "3", 0], 1);
                    batch.add(&client_keys::CLAIM_NEW, args!["s", "a", "4", 0], 1);
                    tx.batch_commit(batch).await
                })
                .await;
            assert!(matches!(again, Err(Error::Duplicate(_))), "{engine:?}: {again:?}");
            let rows: Vec<String> = db.store.all_text(RESULTS, &[]).await.unwrap();
            assert_eq!(rows, ["1", "2"], "{engine:?}: nothing of it is kept");
        }
    }
}
