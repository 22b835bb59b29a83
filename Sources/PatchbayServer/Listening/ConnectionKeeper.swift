import Glibc
import NIOCore
import NIOHTTP1

/// Keeps one connection to its limits: closes it when it is silent for too long, and refuses heads that leave open whom
/// they are meant for (RFC 9112, section 3.2).
final class ConnectionKeeper: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private let limits: ConnectionLimits
    private let connections: Connections
    /// False on a unix socket, which has one server only.
    private let needsHost: Bool
    private var number: Int?
    /// What it is waited for, since when; nil: nothing, the server has to answer.
    private var waiting: Waiting?
    private var unanswered = 0
    /// Bytes of bodies that were given to the channel.
    private var written = 0
    private var isRefused = false
    private var alarm: Scheduled<Void>?
    private var stalled: Scheduled<Void>?

    private enum Waiting {
        case head(until: NIODeadline)
        case body(since: NIODeadline, bytes: Int, told: NIODeadline)
    }

    init(limits: ConnectionLimits, connections: Connections, needsHost: Bool) {
        self.limits = limits
        self.connections = connections
        self.needsHost = needsHost
    }

    func handlerAdded(context: ChannelHandlerContext) {
        number = connections.add(context.channel)
        guard number != nil else { return context.close(promise: nil) }
        waiting = .head(until: .now() + limits.head)
        setAlarm(context)
        // A program that the server starts would keep the connection open.
        _ = try? context.pipeline.syncOperations.withUnsafeTransportIfAvailable(of: NIOBSDSocket.Handle.self) {
            fcntl($0, F_SETFD, FD_CLOEXEC)
        }
    }

    func handlerRemoved(context: ChannelHandlerContext) { end() }

    func channelInactive(context: ChannelHandlerContext) {
        end()
        context.fireChannelInactive()
    }

    private func end() {
        alarm?.cancel()
        stalled?.cancel()
        (alarm, stalled, waiting) = (nil, nil, nil)
        if let number { connections.remove(number) }
        number = nil
    }

    // MARK: What comes in

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isRefused else { return }
        switch unwrapInboundIn(data) {
        case .head(var head):
            guard isClear(head) else {
                isRefused = true
                return context.fireErrorCaught(HTTPParserError.invalidHeaderToken)
            }
            // HTTP/1.0 ends with the answer unless asked otherwise (RFC 9112, section 9.3).
            if !head.isKeepAlive { head.headers.replaceOrAdd(name: "connection", value: "close") }
            unanswered += 1
            waiting = .body(since: .now(), bytes: 0, told: .now())
            if let number { connections.fellSilent(number, .transfer) }
            setAlarm(context)
            context.fireChannelRead(wrapInboundOut(.head(head)))
        case .body(let buffer):
            count(buffer.readableBytes)
            context.fireChannelRead(data)
        case .end:
            waiting = nil
            if unanswered == 0 { waitForHead(context) } else { waitForAnswer(context) }
            context.fireChannelRead(data)
        }
    }

    /// One that sends is not silent; telling so once a second is enough.
    private func count(_ bytes: Int) {
        guard case .body(let since, let before, let told) = waiting else { return }
        let now = NIODeadline.now()
        let isLate = now - told > .seconds(1)
        waiting = .body(since: since, bytes: before + bytes, told: isLate ? now : told)
        if isLate, let number { connections.fellSilent(number, .transfer) }
    }

    /// One host, and the same in the target where that names one.
    private func isClear(_ head: HTTPRequestHead) -> Bool {
        let hosts = head.headers["host"]
        guard hosts.count == 1 || (hosts.isEmpty && (!needsHost || head.version == .http1_0)) else { return false }
        guard !head.uri.hasPrefix("/"), head.uri != "*" else { return true }
        let parts = head.uri.split(separator: "://", maxSplits: 1)
        guard parts.count == 2 else { return head.method == .CONNECT }
        let authority = parts[1].prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        return authority.lowercased() == hosts.first?.lowercased()
    }

    // MARK: What goes out

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head, .body(.fileRegion): break
        case .body(.byteBuffer(let buffer)): written += buffer.readableBytes
        case .end:
            unanswered = max(0, unanswered - 1)
            if unanswered == 0, waiting == nil { waitForHead(context) }
        }
        context.write(data, promise: promise)
    }

    private func waitForHead(_ context: ChannelHandlerContext) {
        waiting = .head(until: .now() + limits.idle)
        if let number { connections.fellSilent(number, context.channel.isWritable ? .head : .transfer) }
        setAlarm(context)
    }

    /// Nobody waits for it while it does not take what it has been answered already.
    private func waitForAnswer(_ context: ChannelHandlerContext) {
        guard let number else { return }
        if context.channel.isWritable {
            connections.asked(number)
        } else {
            connections.fellSilent(number, .transfer)
        }
    }

    /// A reader that does not take its answer as fast as it comes.
    func channelWritabilityChanged(context: ChannelHandlerContext) {
        stalled?.cancel()
        stalled = nil
        if !context.channel.isWritable {
            awaitReader(context)
        } else {
            switch waiting {
            case .head: waitForHead(context)
            case .body: break
            case nil: waitForAnswer(context)
            }
        }
        context.fireChannelWritabilityChanged()
    }

    /// Closes it when not a byte is taken until the time is over; looks again as long as some are.
    private func awaitReader(_ context: ChannelHandlerContext) {
        if let number { connections.fellSilent(number, .transfer) }
        let before = taken(context)
        let bound = NIOLoopBound((keeper: self, context: context), eventLoop: context.eventLoop)
        stalled = context.eventLoop.scheduleTask(in: limits.answer) {
            let (keeper, context) = bound.value
            if keeper.taken(context) > before { keeper.awaitReader(context) } else { context.close(promise: nil) }
        }
    }

    /// How much of what was written the system has taken for the reader. Heads are not counted: the difference counts.
    private func taken(_ context: ChannelHandlerContext) -> Int {
        let buffered = try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)
        return written - (buffered ?? 0)
    }

    // MARK: Time

    private var deadline: NIODeadline? {
        switch waiting {
        // One that still reads is watched by what it takes.
        case .head(let until): stalled == nil ? until : nil
        case .body(let since, let bytes, _):
            since + limits.body + .seconds(Int64(bytes / limits.bodyBytesASecond))
        case nil: nil
        }
    }

    /// One alarm at a time; when it rings too early, it is set again.
    private func setAlarm(_ context: ChannelHandlerContext) {
        guard alarm == nil, let deadline else { return }
        let bound = NIOLoopBound((keeper: self, context: context), eventLoop: context.eventLoop)
        alarm = context.eventLoop.scheduleTask(deadline: deadline) {
            let (keeper, context) = bound.value
            keeper.alarm = nil
            guard let deadline = keeper.deadline else { return }
            if deadline <= .now() { context.close(promise: nil) } else { keeper.setAlarm(context) }
        }
    }
}
