import CPatchbayHost

/// Hears device events, mounts, swap space and routes come and go.
///
/// Used by one thread, but for `stopper`, which another closes to end a wait.
final class KernelListener: @unchecked Sendable {
    private var ears = pb_ears()
    private var heard = HostChange()
    /// Closing it ends the wait. The caller's to close.
    let stopper: Int32?

    /// nil: this process is not told of device events.
    init?() {
        guard pb_ears_open(&ears) == 0 else { return nil }
        var ends: (Int32, Int32) = (-1, -1)
        let hasPipe = withUnsafeMutablePointer(to: &ends) { pointer in
            pointer.withMemoryRebound(to: Int32.self, capacity: 2) { pb_make_pipe($0) == 0 }
        }
        ears.stop = ends.0
        stopper = hasPipe ? ends.1 : nil
    }

    deinit { withUnsafePointer(to: ears) { pb_ears_close($0) } }

    /// Waits for a change and a while for more of it. nil: stopped, or the events broke off.
    func next(_ quietMilliseconds: Int32, _ latestMilliseconds: Int32) -> HostChange? {
        heard = HostChange()
        let me = Unmanaged.passUnretained(self).toOpaque()
        let outcome = pb_ears_wait(
            &ears, quietMilliseconds, latestMilliseconds,
            { context, kind, message, length in
                guard let context else { return 0 }
                let listener = Unmanaged<KernelListener>.fromOpaque(context).takeUnretainedValue()
                let bytes = UnsafeRawBufferPointer(start: message, count: length)
                return listener.hear(kind, bytes) ? 1 : 0
            }, me)
        return outcome == 1 ? heard : nil
    }

    /// Whether it matters.
    private func hear(_ kind: Int32, _ message: UnsafeRawBufferPointer) -> Bool {
        guard let change = Self.change(kind, message) else { return false }
        heard.formUnion(change)
        return true
    }

    private static func change(_ kind: Int32, _ message: UnsafeRawBufferPointer) -> HostChange? {
        switch Int(kind) {
        case PB_HEARD_EVENT: DeviceEvent(message)?.change
        case PB_HEARD_ROUTES: HostChange(parts: [.network])
        case PB_HEARD_MOUNTS: HostChange(parts: [.mounts])
        default: .everything
        }
    }
}
