//! What happens while people sleep, also in the nights of 23 and of 25 hours.

use app::night::{
    PAGE,
    run::{self, Ended, Run},
};

use crate::year::{Said, Year};

/// A night whose processes all end is no night of this world.
const TRIES: usize = 50;

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
            self.run_the_night().await;
        }
        self.risk();
        let usage = self.dice.percent(1);
        let said = self.house.reconcile(usage).await.map(|()| "done".to_owned());
        self.asked = said.is_ok();
        self.came_of("reconcile", said).await;
        self.work().await;
        self.judge().await;
    }

    /// The nightly run, from process to process until it is done. Its pages are small, so that many end in the middle.
    async fn run_the_night(&mut self) {
        for _ in 0..TRIES {
            self.risk();
            let page = *self.dice.pick(&[1, 3, PAGE, PAGE]).expect("some");
            let ran = self.pages(page).await;
            let over = ran.is_ok();
            self.came_of("night", ran).await;
            if over {
                self.ran = self.house.now().date();
                return;
            }
        }
        self.fail("the night does not come to its end");
    }
    async fn pages(&self, page: i64) -> Said {
        let Some(day) = run::due(self.cx()).await? else { return Ok("nothing is due".into()) };
        let ended = run::run(self.cx(), day, &Run { page, ..Run::default() }).await?;
        if ended != Ended::Done {
            self.fail(&format!("the night ended with {ended:?}"));
        }
        Ok(format!("{day:?} in pages of {page}"))
    }
}
