import CLibvirt
import Synchronization

/// Something that happened to a domain.
struct LifecycleEvent: Sendable {
    /// `virDomainEventType` (`libvirt/libvirt-domain.h`), as far as we tell them apart.
    enum Kind: Sendable {
        case defined, undefined, started, stopped, other
        init(_ event: Int32) {
            switch event {
            case 0: self = .defined
            case 1: self = .undefined
            case 2: self = .started
            case 5: self = .stopped
            default: self = .other
            }
        }
    }

    var name: String
    var kind: Kind
}

/// Hands the events of one connection to whoever listens, until the connection ends.
final class LifecycleFeed: Sendable {
    private struct State {
        var listeners: [Int: AsyncStream<LifecycleEvent>.Continuation] = [:]
        var lastListener = 0
        var isEnded = false
    }

    private let state = Mutex(State())
    private let calls: UncheckedSendable<patchbay_libvirt>

    init(_ calls: patchbay_libvirt) { self.calls = UncheckedSendable(calls) }

    var isEnded: Bool { state.withLock { $0.isEnded } }

    /// Ends with the connection; at once when that is over.
    func events() -> AsyncStream<LifecycleEvent> {
        let (stream, continuation) = AsyncStream<LifecycleEvent>.makeStream()
        let listener: Int? = state.withLock { state in
            guard !state.isEnded else { return nil }
            state.lastListener += 1
            state.listeners[state.lastListener] = continuation
            return state.lastListener
        }
        guard let listener else {
            continuation.finish()
            return stream
        }
        continuation.onTermination = { [weak self] _ in
            _ = self?.state.withLock { $0.listeners.removeValue(forKey: listener) }
        }
        return stream
    }

    /// Asking a domain for its name is no call to the daemon, so the event loop's thread may.
    func tell(_ domain: OpaquePointer, _ kind: LifecycleEvent.Kind) {
        guard let name = calls.value.virDomainGetName(domain) else { return }
        let event = LifecycleEvent(name: String(cString: name), kind: kind)
        for listener in state.withLock({ Array($0.listeners.values) }) { listener.yield(event) }
    }

    func end() {
        let listeners = state.withLock { state in
            state.isEnded = true
            defer { state.listeners.removeAll() }
            return Array(state.listeners.values)
        }
        for listener in listeners { listener.finish() }
    }
}

extension LifecycleFeed {
    /// The callbacks' way back to the object; `release` gives it up.
    func retained() -> UnsafeMutableRawPointer { Unmanaged.passRetained(self).toOpaque() }
    static func from(_ opaque: UnsafeMutableRawPointer?) -> LifecycleFeed? {
        opaque.map { Unmanaged<LifecycleFeed>.fromOpaque($0).takeUnretainedValue() }
    }
    static let release: patchbay_vir_free = { opaque in
        if let opaque { Unmanaged<LifecycleFeed>.fromOpaque(opaque).release() }
    }
}
