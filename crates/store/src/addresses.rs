//! The permanent register of addresses (domain notes 2.4).

use domain::address::{RegisterEntry, RegisterState};
use uuid::Uuid;

use crate::{Error, Query, Result, WriteTx, args, row, sql};

row! {
    /// An entry of the register.
    pub struct AddressRow {
        pub address: String,
        pub state: String,
        pub holder_tax_key: String,
        pub former_tax_key: Option<String>,
        pub order_id: Option<Uuid>,
    }
}

sql!(
    BY_ADDRESS = "SELECT address, state, holder_tax_key, former_tax_key, order_id FROM addresses WHERE address = $1",
    AddressRow
);
sql!(
    BY_EIGHT = "SELECT address, state, holder_tax_key, former_tax_key, order_id FROM addresses \
     WHERE address IN ($1, $2, $3, $4, $5, $6, $7, $8) ORDER BY address",
    AddressRow
);
sql!(
    OF_ORDER = "SELECT address, state, holder_tax_key, former_tax_key, order_id FROM addresses WHERE order_id = $1 ORDER BY address",
    AddressRow
);
sql!(
    HOLD = "INSERT INTO addresses (address, state, holder_tax_key, former_tax_key, order_id, mailbox_id, changed_at) \
     VALUES ($1, 'held', $2, NULL, $3, NULL, $4)"
);
sql!(
    HOLD_AGAIN = "UPDATE addresses SET state = 'held', former_tax_key = holder_tax_key, order_id = $3, mailbox_id = NULL, changed_at = $4 \
     WHERE address = $1 AND state = 'released' AND holder_tax_key = $2"
);
sql!(
    ASSIGN = "UPDATE addresses SET state = 'assigned', mailbox_id = $3, former_tax_key = NULL, changed_at = $4 \
     WHERE address = $1 AND order_id = $2 AND state = 'held'"
);
sql!(FORGET = "DELETE FROM addresses WHERE address = $1 AND order_id = $2 AND state = 'held'");
sql!(
    GIVE_BACK = "UPDATE addresses SET state = 'released', holder_tax_key = $3, former_tax_key = NULL, order_id = NULL, changed_at = $4 \
     WHERE address = $1 AND order_id = $2 AND state = 'held'"
);

impl AddressRow {
    /// The entry in the words of the rules.
    ///
    /// # Errors
    /// `Broken` when the state is none that we know.
    pub fn entry(&self) -> Result<RegisterEntry> {
        Ok(RegisterEntry {
            state: RegisterState::parse(&self.state)
                .ok_or_else(|| Error::Broken(format!("address state {}", self.state)))?,
            holder_tax_key: self.holder_tax_key.clone(),
            former_tax_key: self.former_tax_key.clone(),
        })
    }
}

/// The entry of one address: the hot path of the name check.
pub async fn find(q: &mut impl Query, address: &str) -> Result<Option<AddressRow>> {
    q.opt(&BY_ADDRESS, args![address]).await
}

/// How many addresses one statement looks up.
pub const AT_ONCE: usize = 8;
/// The entries of many addresses, [`AT_ONCE`] at a time; those without an entry are missing from the answer.
pub async fn find_many(q: &mut impl Query, addresses: &[String]) -> Result<Vec<AddressRow>> {
    if let [address] = addresses {
        return q.all(&BY_ADDRESS, args![address]).await;
    }
    let mut out = Vec::new();
    for chunk in addresses.chunks(AT_ONCE) {
        // A list shorter than eight repeats its last address.
        let at = |n: usize| chunk.get(n).or(chunk.last()).map_or("", String::as_str);
        out.extend(q.all(&BY_EIGHT, args![at(0), at(1), at(2), at(3), at(4), at(5), at(6), at(7)]).await?);
    }
    Ok(out)
}

/// The names an order holds or owns.
pub async fn of_order(q: &mut impl Query, order: Uuid) -> Result<Vec<AddressRow>> {
    q.all(&OF_ORDER, args![order]).await
}

/// Forgets a name that nobody had before; it is free for all again.
pub async fn forget(tx: &mut WriteTx, address: &str, order: Uuid) -> Result<u64> {
    tx.run(&FORGET, args![address, order]).await
}

/// Gives a name back to waiting for its former holder.
pub async fn give_back(tx: &mut WriteTx, address: &str, order: Uuid, former: &str, now: i64) -> Result<u64> {
    tx.run(&GIVE_BACK, args![address, order, former, now]).await
}
