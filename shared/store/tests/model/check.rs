//! The checker: every world that can be reached is looked at.

use std::time::{Duration, Instant};

use posta_domain::reservation::Status;
use stateright::{Checker, HasDiscoveries, Model, Property};

use crate::{
    action::{Action, Size},
    bug::Bug,
    promises,
    steps::Steps,
    world::World,
};

/// A world to explore.
#[derive(Debug, Clone)]
pub(crate) struct Explored {
    pub(crate) size: Size,
    pub(crate) steps: Steps,
}

/// What was found.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) states: usize,
    pub(crate) depth: usize,
    pub(crate) took: Duration,
    /// Promises that are broken somewhere, with the shortest way there.
    pub(crate) broken: Vec<(&'static str, String)>,
    /// Things that should be reachable, and are not.
    pub(crate) unreached: Vec<&'static str>,
}

impl Model for Explored {
    type State = World;
    type Action = Action;

    fn init_states(&self) -> Vec<World> {
        vec![World::new(self.size.crashes)]
    }

    fn actions(&self, world: &World, actions: &mut Vec<Action>) {
        self.size.actions(world, actions);
    }

    fn next_state(&self, world: &World, action: Action) -> Option<World> {
        let next = self.steps.after(world, action)?.sorted();
        (next != *world).then_some(next)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always("one owner", |_, world| promises::one_owner(world)),
            Property::always("no silent collision", |_, world| {
                promises::no_silent_collision(world)
            }),
            Property::always("claims fit", |_, world| promises::claims_fit(world)),
            Property::always("money has a place", |_, world| {
                promises::money_has_a_place(world)
            }),
            Property::always("handed over once", |_, world| {
                promises::handed_over_once(world)
            }),
            Property::always("asked once", |_, world| promises::asked_once(world)),
            Property::always("free means free", |_, world| {
                promises::free_means_free(world)
            }),
            // That the promises are not kept by doing nothing.
            Property::sometimes("late money brings a booking back", |_, world| {
                some(world, |b| {
                    b.state.status() == Status::Confirmed && b.refund > 0 && b.payments == 2
                })
            }),
            Property::sometimes("a hold gives way", |_, world| {
                some(world, |b| {
                    b.state.status() == Status::Yielded && b.refund > 0
                })
            }),
            Property::sometimes("money is retained and owed back", |_, world| {
                some(world, |b| b.retained > 0 && b.refund > 0)
            }),
            Property::sometimes("a stay collides", |_, world| {
                some(world, |b| {
                    b.state.status() == Status::Confirmed && b.stays().any(|s| s.collision == 2)
                })
            }),
            Property::sometimes("every booking is made", |model: &Self, world: &World| {
                world.bookings().count() == model.size.bookings
            }),
        ]
    }
}

fn some(world: &World, is: impl Fn(&crate::world::Booking) -> bool) -> bool {
    world.bookings().any(is)
}

impl Explored {
    pub(crate) fn new(size: Size, bug: Bug) -> Self {
        Self {
            size,
            steps: Steps::new(bug),
        }
    }

    /// Breadth first: all of it, or until something is broken.
    /// The ways that are found are short, not the shortest.
    pub(crate) fn explore(self, threads: usize) -> Found {
        let began = Instant::now();
        let checker = self.checker().threads(threads);
        let checker = checker
            .finish_when(HasDiscoveries::AnyFailures)
            .spawn_bfs()
            .join();
        let always = |name: &str| {
            let property = checker.model().properties();
            property
                .iter()
                .any(|p| p.name == name && p.expectation == stateright::Expectation::Always)
        };
        let found = checker.discoveries();
        let broken = found.iter().filter(|(name, _)| always(name));
        let sometimes = checker.model().properties().into_iter();
        Found {
            states: checker.unique_state_count(),
            depth: checker.max_depth(),
            took: began.elapsed(),
            broken: broken
                .map(|(name, path)| (*name, way(path.clone())))
                .collect(),
            unreached: sometimes
                .filter(|p| !always(p.name) && !found.contains_key(p.name))
                .map(|p| p.name)
                .collect(),
        }
    }
}

/// The steps of a way, one a line.
fn way(path: stateright::Path<World, Action>) -> String {
    let steps = path.into_actions();
    let lines: Vec<String> = steps.iter().map(|step| format!("    {step:?}")).collect();
    format!("\n{}", lines.join("\n"))
}
