//! Statements of a bank account as banks send them: ISO 20022 `camt.053` (bank to customer statement), the
//! versions from 2 to 13. What does not agree with itself is refused, what is no payment to us is set aside.

use roxmltree::{Document, Node, ParsingOptions};
use serde::{Deserialize, Serialize};

use super::{read_iban, read_reference};
use crate::{
    money::Money,
    time::{Date, Timestamp},
};

/// Elements and texts of a file, beyond which it is not read.
const NODES_MAX: u32 = 2_000_000;
/// Movements of a file.
pub const MOVEMENTS_MAX: usize = 5_000;
/// Longest name, reason or identifier that is kept, in characters.
const TEXT_MAX: usize = 500;
const NAMESPACE: &str = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.";

/// Why a file is refused as a whole.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAStatement {
    #[error("not well-formed, or with a document type")]
    NotXml { row: u32 },
    #[error("another kind of document")]
    OtherSchema { found: String },
    /// An element is missing or holds what it may not.
    #[error("<{element}> is wrong")]
    Wrong { element: &'static str, row: u32 },
    #[error("a statement of another account")]
    OtherAccount { found: String },
    #[error("too many movements")]
    TooMany,
    /// Opening balance and movements do not make the closing balance: a part of the file is missing.
    #[error("the balances do not agree with the movements")]
    Unbalanced { statement: String },
}
impl NotAStatement {
    /// The stable word.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotXml { .. } => "statement-not-xml",
            Self::OtherSchema { .. } => "statement-other-schema",
            Self::Wrong { .. } => "statement-wrong-element",
            Self::OtherAccount { .. } => "statement-other-account",
            Self::TooMany => "statement-too-many",
            Self::Unbalanced { .. } => "statement-unbalanced",
        }
    }
}

/// Why a movement is no payment that can be booked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Aside {
    /// Money that left the account.
    Debit,
    /// Not euro.
    Currency,
    /// The bank announces it and has not booked it.
    NotBooked,
    /// The bank takes an earlier movement back.
    Reversal,
    /// The parts of a collective booking do not make its sum.
    PartsDiffer,
}
impl Aside {
    pub const ALL: [Self; 5] = [Self::Debit, Self::Currency, Self::NotBooked, Self::Reversal, Self::PartsDiffer];
    /// The word in the store.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Debit => "debit",
            Self::Currency => "currency",
            Self::NotBooked => "not_booked",
            Self::Reversal => "reversal",
            Self::PartsDiffer => "parts_differ",
        }
    }
}

/// One statement of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// The bank's identifier, told apart by account.
    pub id: String,
    pub account: String,
    pub made_at: Option<Timestamp>,
    pub movements: Vec<Movement>,
}

/// One movement: an entry, or one transaction of a collective entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Movement {
    /// The bank's reference; where the bank gives none, the place in the statement.
    pub reference: String,
    /// Always positive; `aside` tells the other direction.
    pub amount: Money,
    pub currency: String,
    pub value_day: Date,
    pub payer: Option<String>,
    pub payer_account: Option<String>,
    /// The reason of payment; the parts of a structured one behind each other.
    pub reason: String,
    pub aside: Option<Aside>,
}

type Read<T> = Result<T, NotAStatement>;

/// Reads a file. `account` is ours: statements of another one are refused.
///
/// # Errors
/// The first thing that is wrong; nothing of such a file is used.
pub fn read(text: &str, account: &str) -> Read<Vec<Statement>> {
    let options = ParsingOptions { allow_dtd: false, nodes_limit: NODES_MAX, ..ParsingOptions::default() };
    let document =
        Document::parse_with_options(text, options).map_err(|e| NotAStatement::NotXml { row: e.pos().row })?;
    let root = document.root_element();
    let space = root.tag_name().namespace().unwrap_or_default();
    let version: Option<u32> = space.strip_prefix(NAMESPACE).and_then(|v| v.parse().ok());
    if root.tag_name().name() != "Document" || !version.is_some_and(|v| (2..=13).contains(&v)) {
        let found = if space.is_empty() { root.tag_name().name() } else { space };
        return Err(NotAStatement::OtherSchema { found: short(found) });
    }
    let body = need(root, "BkToCstmrStmt")?;
    let statements: Vec<Statement> =
        children(body, "Stmt").map(|node| statement(node, account)).collect::<Read<_>>()?;
    if statements.is_empty() {
        return Err(wrong(body, "Stmt"));
    }
    match statements.iter().map(|s| s.movements.len()).sum::<usize>() > MOVEMENTS_MAX {
        true => Err(NotAStatement::TooMany),
        false => Ok(statements),
    }
}

fn statement(node: Node<'_, '_>, account: &str) -> Read<Statement> {
    let id = short(filled(need(node, "Id")?, "Id")?);
    let own = path(node, &["Acct", "Id", "IBAN"]).ok_or_else(|| wrong(node, "IBAN"))?;
    let own = read_iban(filled(own, "IBAN")?).ok_or_else(|| wrong(own, "IBAN"))?;
    if own != account {
        return Err(NotAStatement::OtherAccount { found: own });
    }
    let made_at = child(node, "CreDtTm").and_then(|n| n.text()).and_then(Timestamp::parse_rfc3339);
    let (mut movements, mut sum) = (Vec::new(), 0i64);
    for (n, entry) in children(node, "Ntry").enumerate() {
        let (found, moved) = read_entry(entry, &format!("{id}#{}", n + 1))?;
        movements.extend(found);
        sum += moved;
    }
    if let (Some(opening), Some(closing)) = (balance(node, &["OPBD", "PRCD"])?, balance(node, &["CLBD"])?)
        && opening + sum != closing
    {
        return Err(NotAStatement::Unbalanced { statement: id });
    }
    Ok(Statement { id, account: own, made_at, movements })
}

/// A booked balance in cents of euro, negative when it is a debt.
fn balance(node: Node<'_, '_>, codes: &[&str]) -> Read<Option<i64>> {
    for code in codes {
        let of_code = |b: &Node<'_, '_>| path(*b, &["Tp", "CdOrPrtry", "Cd"]).and_then(|c| c.text()) == Some(code);
        let Some(found) = children(node, "Bal").find(of_code) else { continue };
        let (amount, currency) = amount(need(found, "Amt")?)?;
        if currency != "EUR" {
            return Ok(None);
        }
        let sign = if is_credit(found)? { 1 } else { -1 };
        return Ok(Some(sign * amount.as_cents()));
    }
    Ok(None)
}

/// The movements of an entry, and what it does to the balance, in cents.
fn read_entry(entry: Node<'_, '_>, place: &str) -> Read<(Vec<Movement>, i64)> {
    let (whole, currency) = amount(need(entry, "Amt")?)?;
    let credit = is_credit(entry)?;
    let status = need(entry, "Sts")?;
    let status = child(status, "Cd").unwrap_or(status);
    let booked = filled(status, "Sts")? == "BOOK";
    let reversal = child(entry, "RvslInd").and_then(|n| n.text()).is_some_and(|t| matches!(t.trim(), "true" | "1"));
    let day = value_day(entry)?;
    let own = ["AcctSvcrRef", "NtryRef"].iter().find_map(|name| {
        let text = child(entry, name).and_then(|n| n.text())?;
        read_reference(text)
    });
    let base = own.clone().unwrap_or_else(|| place.to_owned());
    let parts: Vec<Node<'_, '_>> =
        children(entry, "NtryDtls").flat_map(|details| children(details, "TxDtls")).collect();
    let aside = |currency: &str| match () {
        () if !booked => Some(Aside::NotBooked),
        () if reversal => Some(Aside::Reversal),
        () if !credit => Some(Aside::Debit),
        () if currency != "EUR" => Some(Aside::Currency),
        () => None,
    };
    let moved = match (booked, currency == "EUR", credit) {
        (true, true, true) => whole.as_cents(),
        (true, true, false) => -whole.as_cents(),
        _ => 0,
    };
    let one = |part: Option<Node<'_, '_>>, reference: String, amount, why| Movement {
        reference,
        amount,
        currency: currency.clone(),
        value_day: day,
        payer: part.and_then(payer),
        payer_account: part.and_then(|p| path(p, &["RltdPties", "DbtrAcct", "Id", "IBAN"])?.text()).and_then(read_iban),
        reason: part.map(reason).unwrap_or_else(|| child(entry, "AddtlNtryInf").map(text_of).unwrap_or_default()),
        aside: why,
    };
    if whole == Money::ZERO {
        return Ok((vec![], 0));
    }
    if parts.len() < 2 {
        return Ok((vec![one(parts.first().copied(), base, whole, aside(&currency))], moved));
    }
    let amounts: Vec<Option<Money>> = parts.iter().map(|p| part_amount(*p, &currency)).collect::<Read<_>>()?;
    let sum: Option<Money> = amounts.iter().copied().sum::<Option<Money>>();
    if sum != Some(whole) {
        let why = aside(&currency).or(Some(Aside::PartsDiffer));
        return Ok((vec![one(None, base, whole, why)], moved));
    }
    let references = |n: usize, part: Node<'_, '_>| {
        let named = path(part, &["Refs", "AcctSvcrRef"]).and_then(|r| r.text()).and_then(read_reference);
        named.filter(|r| Some(r) != own.as_ref()).unwrap_or_else(|| format!("{base}#{}", n + 1))
    };
    let split = parts.iter().zip(amounts).enumerate().filter_map(|(n, (part, amount))| {
        amount.map(|amount| one(Some(*part), references(n, *part), amount, aside(&currency)))
    });
    Ok((split.collect(), moved))
}

/// The amount of one transaction; `None` where it is not told in the currency of the entry, or goes the other way.
fn part_amount(part: Node<'_, '_>, currency: &str) -> Read<Option<Money>> {
    let node = child(part, "Amt").or_else(|| path(part, &["AmtDtls", "TxAmt", "Amt"]));
    let Some(node) = node else { return Ok(None) };
    let (amount, own) = amount(node)?;
    Ok((own == currency && amount > Money::ZERO).then_some(amount))
}

fn amount(node: Node<'_, '_>) -> Read<(Money, String)> {
    let bad = || wrong(node, "Amt");
    let text = filled(node, "Amt")?;
    let currency = node.attribute("Ccy").filter(|c| c.len() == 3 && c.bytes().all(|b| b.is_ascii_uppercase()));
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    // The schema allows five decimals; cents of euro have two, and others must be noughts.
    let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || whole.len() > 13 || !digits(whole) || !digits(part) {
        return Err(bad());
    }
    let (cents, rest) = part.split_at(part.len().min(2));
    if rest.bytes().any(|b| b != b'0') {
        return Err(bad());
    }
    let euros: i64 = whole.parse().map_err(|_| bad())?;
    let cents: i64 = format!("{cents:0<2}").parse().map_err(|_| bad())?;
    Ok((Money::cents(euros * 100 + cents), currency.ok_or_else(bad)?.to_owned()))
}

fn is_credit(node: Node<'_, '_>) -> Read<bool> {
    match filled(need(node, "CdtDbtInd")?, "CdtDbtInd")? {
        "CRDT" => Ok(true),
        "DBIT" => Ok(false),
        _ => Err(wrong(node, "CdtDbtInd")),
    }
}

/// The day on which the money counts, or the day of the booking where the bank tells no other.
fn value_day(entry: Node<'_, '_>) -> Read<Date> {
    let node = child(entry, "ValDt").or_else(|| child(entry, "BookgDt")).ok_or_else(|| wrong(entry, "ValDt"))?;
    let day = child(node, "Dt").or_else(|| child(node, "DtTm")).and_then(|n| n.text()).unwrap_or_default().trim();
    day.get(..10).and_then(Date::parse_iso).ok_or_else(|| wrong(node, "ValDt"))
}

fn payer(part: Node<'_, '_>) -> Option<String> {
    let debtor = path(part, &["RltdPties", "Dbtr"])?;
    let name = child(debtor, "Nm").or_else(|| path(debtor, &["Pty", "Nm"]))?;
    Some(text_of(name)).filter(|t| !t.is_empty())
}

fn reason(part: Node<'_, '_>) -> String {
    let Some(remittance) = child(part, "RmtInf") else { return String::new() };
    let free = children(remittance, "Ustrd").map(text_of);
    let structured = children(remittance, "Strd").filter_map(|s| path(s, &["CdtrRefInf", "Ref"])).map(text_of);
    short(&free.chain(structured).filter(|t| !t.is_empty()).collect::<Vec<_>>().join(" "))
}

fn text_of(node: Node<'_, '_>) -> String {
    short(node.text().unwrap_or_default())
}
/// One line, without control characters, not endless.
fn short(text: &str) -> String {
    let line: Vec<&str> = text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|w| !w.is_empty()).collect();
    line.join(" ").chars().take(TEXT_MAX).collect()
}
fn wrong(node: Node<'_, '_>, element: &'static str) -> NotAStatement {
    NotAStatement::Wrong { element, row: node.document().text_pos_at(node.range().start).row }
}
fn filled<'a>(node: Node<'a, '_>, element: &'static str) -> Read<&'a str> {
    node.text().map(str::trim).filter(|t| !t.is_empty()).ok_or_else(|| wrong(node, element))
}
fn children<'a, 'i>(node: Node<'a, 'i>, name: &'static str) -> impl Iterator<Item = Node<'a, 'i>> {
    let space = node.tag_name().namespace();
    node.children().filter(move |c| c.is_element() && c.tag_name().name() == name && c.tag_name().namespace() == space)
}
fn child<'a, 'i>(node: Node<'a, 'i>, name: &'static str) -> Option<Node<'a, 'i>> {
    children(node, name).next()
}
fn need<'a, 'i>(node: Node<'a, 'i>, name: &'static str) -> Read<Node<'a, 'i>> {
    child(node, name).ok_or_else(|| wrong(node, name))
}
fn path<'a, 'i>(node: Node<'a, 'i>, names: &[&'static str]) -> Option<Node<'a, 'i>> {
    names.iter().try_fold(node, |at, name| child(at, name))
}

#[cfg(test)]
#[path = "camt_tests.rs"]
mod tests;
