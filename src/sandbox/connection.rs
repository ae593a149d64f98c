//! Connections that can be broken on purpose.
//!
//! A client must be able to see what it sees on a bad network: a connection that dies without an
//! answer. So each connection carries a [`Cut`]; once it is cut, every read and write on it fails.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::task::{Context, Poll, Waker};

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};

/// The shears for one connection.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cut {
    inner: Arc<CutState>,
}

#[derive(Debug, Default)]
struct CutState {
    cut: AtomicBool,
    wakers: Mutex<Vec<Waker>>,
}

impl Cut {
    /// Breaks the connection: whoever reads or writes on it gets an error.
    pub(crate) fn now(&self) {
        self.inner.cut.store(true, Ordering::SeqCst);
        let wakers = std::mem::take(
            &mut *self
                .inner
                .wakers
                .lock()
                .unwrap_or_else(PoisonError::into_inner),
        );
        for waker in wakers {
            waker.wake();
        }
    }

    fn is_cut(&self, context: &Context<'_>) -> bool {
        let mut wakers = self
            .inner
            .wakers
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if !self.inner.cut.load(Ordering::SeqCst) {
            if !wakers.iter().any(|waker| waker.will_wake(context.waker())) {
                wakers.push(context.waker().clone());
            }
            return false;
        }
        true
    }
}

impl Connected<IncomingStream<'_, CuttableListener>> for Cut {
    fn connect_info(stream: IncomingStream<'_, CuttableListener>) -> Self {
        stream.remote_addr().clone()
    }
}

/// The shears for every open connection.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cuts(Arc<Mutex<Vec<Weak<CutState>>>>);

impl Cuts {
    /// Breaks every open connection.
    pub(crate) fn now(&self) {
        let open = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        for inner in open.iter().filter_map(Weak::upgrade) {
            Cut { inner }.now();
        }
    }

    fn add(&self, cut: &Cut) {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        open.retain(|known| known.strong_count() > 0);
        open.push(Arc::downgrade(&cut.inner));
    }
}

/// A listener whose connections can be cut; a connection's "address" is its [`Cut`].
pub(crate) struct CuttableListener {
    pub(crate) listener: TcpListener,
    pub(crate) cuts: Cuts,
}

impl Listener for CuttableListener {
    type Io = CuttableStream;
    type Addr = Cut;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        let (stream, _): (TcpStream, SocketAddr) = Listener::accept(&mut self.listener).await;
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "sandbox: no TCP_NODELAY");
        }
        let cut = Cut::default();
        self.cuts.add(&cut);
        (
            CuttableStream {
                stream,
                cut: cut.clone(),
            },
            cut,
        )
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        Ok(Cut::default())
    }
}

/// A TCP stream that fails once it is cut.
pub(crate) struct CuttableStream {
    stream: TcpStream,
    cut: Cut,
}

impl CuttableStream {
    fn check(&self, context: &Context<'_>) -> io::Result<()> {
        if self.cut.is_cut(context) {
            return Err(io::Error::new(
                io::ErrorKind::ConnectionReset,
                "cut by the sandbox",
            ));
        }
        Ok(())
    }
}

impl AsyncRead for CuttableStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.check(context)?;
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for CuttableStream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.check(context)?;
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.check(context)?;
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
