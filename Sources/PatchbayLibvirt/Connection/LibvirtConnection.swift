import CLibvirt
import Glibc
import PatchbayCore

/// An open connection to a libvirt daemon. Every method blocks: call them on a `LibvirtWorker`.
///
/// Unchecked: the pointer does not change, and libvirt's own locks make its calls safe from any thread.
final class LibvirtConnection: @unchecked Sendable {
    let calls: patchbay_libvirt
    let pointer: OpaquePointer
    /// Ends when the daemon goes away.
    let lifecycle: LifecycleFeed
    private let callback: Int32
    private let closer: LibvirtWorker

    /// Seconds of silence before the daemon is asked whether it is there, and how many questions may stay without an
    /// answer. Longer than the time between two looks at the guests, each of which says the same: nobody is woken for it.
    private static let keepAlive: (interval: Int32, count: UInt32) = (20, 1)

    /// - Parameter closer: runs the goodbye, which waits for the daemon, when nobody holds the connection any more.
    init(_ library: LibvirtLibrary, uri: String, closer: LibvirtWorker) throws(Problem) {
        calls = library.calls
        lifecycle = LifecycleFeed(calls)
        guard let pointer = calls.virConnectOpen(uri) else {
            throw LibvirtError(last: calls).problem(
                .hypervisorUnreachable, "libvirt does not answer at \(uri).",
                next: ["Check that its daemon is running:  systemctl status libvirtd virtqemud"])
        }
        self.pointer = pointer
        self.closer = closer
        let retained = lifecycle.retained()
        let registered = calls.virConnectDomainEventRegisterAny(
            pointer, nil, 0,
            { _, domain, event, _, opaque in
                LifecycleFeed.from(opaque)?.tell(domain, LifecycleEvent.Kind(event))
                return 0
            }, retained, LifecycleFeed.release)
        callback = registered
        guard registered >= 0 else {
            let error = LibvirtError(last: calls)
            LifecycleFeed.release(retained)
            _ = calls.virConnectClose(pointer)
            throw error.problem(.hypervisorUnreachable, "libvirt at \(uri) does not report when VMs start and stop.")
        }
        // The test driver has neither: it lives in this process and cannot go away.
        let forClosing = lifecycle.retained()
        if calls.virConnectRegisterCloseCallback(pointer, Self.closed, forClosing, LifecycleFeed.release) < 0 {
            LifecycleFeed.release(forClosing)
        }
        _ = calls.virConnectSetKeepAlive(pointer, Self.keepAlive.interval, Self.keepAlive.count)
    }

    private static let closed: patchbay_vir_close_callback = { _, _, opaque in LifecycleFeed.from(opaque)?.end() }

    deinit {
        let (calls, pointer, callback) = (UncheckedSendable(calls), UncheckedSendable(pointer), callback)
        lifecycle.end()
        closer.later {
            // Until both are gone they hold the connection open.
            _ = calls.value.virConnectDomainEventDeregisterAny(pointer.value, callback)
            _ = calls.value.virConnectUnregisterCloseCallback(pointer.value, Self.closed)
            _ = calls.value.virConnectClose(pointer.value)
        }
    }

    var isAlive: Bool { !lifecycle.isEnded && calls.virConnectIsAlive(pointer) == 1 }

    /// What the daemon can run, as XML.
    func capabilities() throws(LibvirtError) -> String {
        try text(calls.virConnectGetCapabilities(pointer))
    }

    func domains() throws(LibvirtError) -> [LibvirtDomain] {
        var list: UnsafeMutablePointer<OpaquePointer?>?
        let count = calls.virConnectListAllDomains(pointer, &list, 0)
        guard count >= 0 else { throw LibvirtError(last: calls) }
        defer { free(list) }
        return (0..<Int(count)).compactMap { list?[$0] }.map { LibvirtDomain($0, of: self) }
    }

    func domain(named name: String) throws(LibvirtError) -> LibvirtDomain {
        guard let domain = calls.virDomainLookupByName(pointer, name) else { throw LibvirtError(last: calls) }
        return LibvirtDomain(domain, of: self)
    }

    /// Makes or replaces a persistent definition, checked against libvirt's schema.
    func define(_ xml: String) throws(LibvirtError) {
        let validate: UInt32 = 1  // VIR_DOMAIN_DEFINE_VALIDATE
        guard let domain = calls.virDomainDefineXMLFlags(pointer, xml, validate) else {
            throw LibvirtError(last: calls)
        }
        _ = calls.virDomainFree(domain)
    }

    /// Takes over text that libvirt allocated.
    func text(_ allocated: UnsafeMutablePointer<CChar>?) throws(LibvirtError) -> String {
        guard let allocated else { throw LibvirtError(last: calls) }
        defer { free(allocated) }
        return String(cString: allocated)
    }
}
