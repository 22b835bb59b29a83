import CLibvirt
import Foundation
import PatchbayCore

/// libvirt's calls, loaded when they are first needed, with its event loop running.
///
/// There is one for the process, because libvirt has one event loop for the process. It is never unloaded.
final class LibvirtLibrary: @unchecked Sendable {
    /// Unchecked: the table does not change after loading, and libvirt's calls may come from any thread.
    let calls: patchbay_libvirt

    /// The library, or why there is none.
    static let shared = Result { () throws(Problem) in try LibvirtLibrary("libvirt.so.0") }

    /// Throws `.hypervisorUnreachable` when the library is not there or too old.
    init(_ name: String) throws(Problem) {
        let table = UnsafeMutablePointer<patchbay_libvirt>.allocate(capacity: 1)
        defer { table.deallocate() }
        if let missing = patchbay_libvirt_load(name, table) {
            throw Problem(
                .hypervisorUnreachable, "This host has no libvirt, so Patchbay cannot see or change its VMs.",
                next: ["Install libvirt:  apt install libvirt-daemon-system, or dnf install libvirt-daemon-kvm."],
                cause: String(cString: missing))
        }
        calls = table.pointee
        // libvirt prints every error to standard error unless told not to; ours are read where they happen.
        calls.virSetErrorFunc(nil) { _, _ in }
        guard calls.virInitialize() == 0, calls.virEventRegisterDefaultImpl() == 0 else {
            throw LibvirtError(last: calls).problem(.hypervisorUnreachable, "libvirt cannot be started on this host.")
        }
        runEventLoop()
    }

    /// Callbacks for events, closed connections and consoles come from this thread.
    private func runEventLoop() {
        let calls = UncheckedSendable(calls)
        let thread = Thread { while calls.value.virEventRunDefaultImpl() == 0 {} }
        thread.name = "libvirt events"
        thread.start()
    }
}

/// A value whose safety its user vouches for.
struct UncheckedSendable<Value>: @unchecked Sendable {
    let value: Value
    init(_ value: Value) { self.value = value }
}
