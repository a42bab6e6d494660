//! The listener: loopback only, for as long as the command runs.

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;

use crate::api::router;
use crate::house::House;
use crate::peer::Peer;
use crate::state::App;

/// How a run is to be.
#[derive(Clone, Debug)]
pub struct Options {
    /// The port; 0 for any that is free.
    pub port: u16,
    /// A session ends when nothing was asked for so long.
    pub idle: Duration,
    /// The case that the page opens first.
    pub case: Option<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self { port: 0, idle: Duration::from_secs(30 * 60), case: None }
    }
}

/// Serves the page until `stop` comes. `ready` gets what makes links, once the page can be reached.
///
/// # Errors
/// If the port is taken or the system refuses.
pub fn serve(
    house: Arc<dyn House>,
    options: Options,
    ready: impl FnOnce(Links),
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .thread_name("review")
        .enable_all()
        .build()?;
    let served = runtime.block_on(async move {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port)).await?;
        let port = listener.local_addr()?.port();
        let app = Arc::new(App::new(house, port, options.idle, options.case));
        ready(Links(Arc::clone(&app)));
        let service = router(app).into_make_service_with_connect_info::<Peer>();
        // Dropped at the stop, with whatever is being answered: the ledger is whole at any time.
        tokio::select! {
            served = axum::serve(listener, service) => served,
            () = stop => Ok(()),
        }
    });
    runtime.shutdown_background();
    served
}

/// Makes links that open the page.
#[derive(Clone)]
pub struct Links(Arc<App>);

impl Links {
    /// A link that opens the page once, within 5 minutes.
    ///
    /// # Errors
    /// If the system gives no randomness.
    pub fn link(&self) -> std::io::Result<String> {
        self.0.link()
    }
}

/// Waits for work on a thread of its own, without holding up what is served meanwhile.
pub async fn in_background(work: impl FnOnce() + Send + 'static) {
    // If it ends with a fault, waiting for it is over too.
    let _ended = tokio::task::spawn_blocking(work).await;
}
