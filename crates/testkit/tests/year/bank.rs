//! Money that comes and goes by bank transfer: statement files with all that is wrong in them, and operators' decisions.

use app::{
    Problem,
    use_cases::{
        payments::refund_by_operator::refund_made,
        transfers::{
            book_by_hand::{Typed, book_by_hand},
            decide_movement::{Choice, decide_movement},
            take_statement::take_statement,
        },
    },
};
use domain::{
    id::{AttemptId, MovementId, OrderId},
    money::Money,
};
use store::{args, row, sql};

use crate::year::{Said, Year};

const IBAN: &str = "IT60X0542811101000000123456";

row! {
    pub struct MovementRow { pub id: MovementId, pub version: i64 }
}
sql!(GROSS = "SELECT gross_cents FROM orders WHERE id = $1", Money);
sql!(NUMBERS = "SELECT number FROM orders ORDER BY placed_at DESC, id LIMIT 40", String);
sql!(UNMATCHED = "SELECT id, version FROM bank_movements WHERE state = 'unmatched' ORDER BY id LIMIT 20", MovementRow);
sql!(
    TO_SEND = "SELECT id FROM attempts WHERE gateway = 'bank_transfer' AND kind = 'refund' AND state = 'pending' ORDER BY created_at, id LIMIT 20",
    AttemptId
);

fn euros(cents: i64) -> String {
    format!("{}.{:02}", cents / 100, cents % 100)
}

impl Year {
    async fn gross(&self, order: OrderId) -> Result<i64, Problem> {
        Ok(self.cx().store().one(&GROSS, args![order]).await?.as_cents())
    }

    /// A file of the bank.
    pub async fn statement(&mut self) -> Said {
        if self.dice.percent(15)
            && let Some(known) = self.dice.pick(&self.files).cloned()
        {
            return match take_statement(self.cx(), known).await {
                Ok(taken) if taken.movements > 0 => self.fail("a file that was taken before brought movements"),
                Ok(_) => Ok("a known file".into()),
                Err(p) => Err(p),
            };
        }
        let count = 1 + self.dice.roll(4);
        let mut entries = String::new();
        for _ in 0..count {
            entries += &self.entry().await?;
        }
        let id = self.next();
        let file = format!(
            "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.02\"><BkToCstmrStmt><Stmt><Id>S{id}</Id>\
             <Acct><Id><IBAN>{IBAN}</IBAN></Id></Acct>{entries}</Stmt></BkToCstmrStmt></Document>"
        );
        let taken = take_statement(self.cx(), file.clone().into_bytes()).await?;
        self.files.push(file.into_bytes());
        Ok(format!("{} taken, {} known, {} aside", taken.movements, taken.repeated, taken.aside))
    }

    /// One movement of a file.
    async fn entry(&mut self) -> Result<String, Problem> {
        let waiting = self.awaiting().await?;
        let numbers = self.cx().store().all(&NUMBERS, &[]).await?;
        let (number, due) = match &waiting {
            Some(order) => (order.number.clone(), self.gross(order.id).await?),
            None => (self.dice.pick(&numbers).cloned().unwrap_or_default(), 1208),
        };
        let other = self.dice.pick(&numbers).cloned().unwrap_or_default();
        let (cents, reason) = match self.dice.roll(100) {
            0..50 => (due, number),
            50..60 => (due - 1 - self.dice.roll(due.max(2) as u64 - 1) as i64, number),
            60..70 => (due + self.dice.roll(2_000) as i64, format!("saldo ordine {number}")),
            70..78 => (due, format!("{number} e {other}")),
            78..84 => (due, "pagamento".to_owned()),
            84..90 => (due, "2019-999999".to_owned()),
            _ => (due, other),
        };
        // A movement that the bank has told before, perhaps with other words.
        let reference = match self.dice.percent(8) {
            true => self.made.saturating_sub(1 + self.dice.roll(20) as usize),
            false => self.next(),
        };
        let side = if self.dice.percent(5) { "DBIT" } else { "CRDT" };
        let currency = if self.dice.percent(4) { "USD" } else { "EUR" };
        Ok(format!(
            "<Ntry><Amt Ccy=\"{currency}\">{}</Amt><CdtDbtInd>{side}</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>\
             <ValDt><Dt>{}</Dt></ValDt><AcctSvcrRef>TRN{reference}</AcctSvcrRef>\
             <NtryDtls><TxDtls><RmtInf><Ustrd>{reason}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>",
            euros(cents.max(1)),
            self.day.iso(),
        ))
    }

    /// An operator decides about a movement that named no order.
    pub async fn decide_movement(&mut self) -> Said {
        let waiting = self.cx().store().all(&UNMATCHED, &[]).await?;
        let Some(movement) = self.dice.pick(&waiting).cloned() else { return Ok("nothing to decide".into()) };
        let order = self.awaiting().await?;
        let note = "nota".to_owned();
        let (word, choice) = match (self.dice.roll(4), order) {
            (0 | 1, Some(order)) => ("book", Choice::Book { order: order.number }),
            (2, _) => ("leave", Choice::Leave { note }),
            _ => ("give back", Choice::GiveBack { note }),
        };
        decide_movement(self.cx(), movement.id, movement.version, choice.clone()).await?;
        if self.dice.percent(20) && decide_movement(self.cx(), movement.id, movement.version, choice).await.is_ok() {
            self.fail("a movement was decided twice");
        }
        Ok(word.into())
    }

    pub async fn book_by_hand(&mut self) -> Said {
        let Some(order) = self.awaiting().await? else { return Ok("nothing waits".into()) };
        let cents = self.gross(order.id).await? + self.dice.roll(3) as i64 - 1;
        let typed = Typed {
            order: order.number.clone(),
            amount: euros(cents.max(1)),
            value_day: self.day.iso(),
            reference: format!("CRO{}", self.next()),
            payer: "Giulia Bianchi".into(),
        };
        book_by_hand(self.cx(), &typed).await?;
        Ok(format!("{} cents for {}", cents, order.number))
    }

    /// Somebody has made a transfer back.
    pub async fn transfer_made(&mut self) -> Said {
        let waiting = self.cx().store().all(&TO_SEND, &[]).await?;
        let Some(refund) = self.dice.pick(&waiting).copied() else { return Ok("nothing to send".into()) };
        let reference = format!("OUT{}", self.next());
        refund_made(self.cx(), refund, &reference).await?;
        if self.dice.percent(20) && refund_made(self.cx(), refund, &reference).await.is_ok() {
            self.fail("a refund was told twice");
        }
        Ok("sent".into())
    }
}
