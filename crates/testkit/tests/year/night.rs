//! What happens while people sleep, also in the nights of 23 and of 25 hours.

use crate::year::Year;

impl Year {
    /// The turns of the worker around midnight, then the proof.
    pub async fn night(&mut self) {
        let next = self.day.plus_days(1);
        // A jump of the clock may have put it later already.
        for (hour, minute) in [(0, 12), (2, 30), (3, 10)] {
            let at = next.at(hour, minute);
            if at > self.house.now() {
                self.house.outside.clock.set(at);
            }
            self.work().await;
        }
        self.risk();
        let usage = self.dice.percent(2);
        let said = self.house.reconcile(usage).await.map(|()| "done".to_owned());
        self.came_of("reconcile", said).await;
        self.work().await;
        self.judge().await;
    }
}
