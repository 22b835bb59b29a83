import CLibvirt
import PatchbayCore

/// A domain that libvirt knows. Every method blocks: call them on a `LibvirtWorker`.
///
/// Unchecked for the reason of `LibvirtConnection`, which it keeps open.
final class LibvirtDomain: @unchecked Sendable {
    private let connection: LibvirtConnection
    private let pointer: OpaquePointer
    private var calls: patchbay_libvirt { connection.calls }

    /// Which of a domain's two definitions.
    enum Definition {
        case live
        /// What it is at the next start.
        case persistent
    }

    /// Takes over the reference.
    init(_ pointer: OpaquePointer, of connection: LibvirtConnection) {
        self.pointer = pointer
        self.connection = connection
    }

    deinit { _ = calls.virDomainFree(pointer) }

    var name: String { calls.virDomainGetName(pointer).map { String(cString: $0) } ?? "" }

    func uuid() throws(LibvirtError) -> String {
        let buffer = UnsafeMutablePointer<CChar>.allocate(capacity: 37)
        defer { buffer.deallocate() }
        try check(calls.virDomainGetUUIDString(pointer, buffer))
        return String(cString: buffer)
    }

    /// State, processors and memory.
    func info() throws(LibvirtError) -> (state: Domain.State, vcpus: Int, memoryMiB: Int) {
        var info = patchbay_vir_domain_info()
        try check(calls.virDomainGetInfo(pointer, &info))
        return (Self.state(info.state), Int(info.vcpus), Int(info.max_memory / 1024))
    }

    /// `virDomainState`.
    private static func state(_ number: UInt8) -> Domain.State {
        switch number {
        case 1, 2, 4: .running  // running, blocked on a resource, being shut down
        case 3: .paused
        case 5: .shutOff
        case 6: .crashed
        default: .other
        }
    }

    func isActive() throws(LibvirtError) -> Bool { try check(calls.virDomainIsActive(pointer)) == 1 }
    func isPersistent() throws(LibvirtError) -> Bool { try check(calls.virDomainIsPersistent(pointer)) == 1 }

    /// - Parameter secrets: with passwords, which a definition that is given back must not lose.
    func xml(_ which: Definition, secrets: Bool = false) throws(LibvirtError) -> String {
        let inactive: UInt32 = which == .persistent ? 2 : 0  // VIR_DOMAIN_XML_INACTIVE
        let secure: UInt32 = secrets ? 1 : 0  // VIR_DOMAIN_XML_SECURE
        return try connection.text(calls.virDomainGetXMLDesc(pointer, inactive | secure))
    }

    func create() throws(LibvirtError) { try check(calls.virDomainCreate(pointer)) }
    /// Presses the guest's power button.
    func shutDown() throws(LibvirtError) { try check(calls.virDomainShutdown(pointer)) }
    /// Presses the guest's reset button.
    func reset() throws(LibvirtError) { try check(calls.virDomainReset(pointer, 0)) }
    /// Ends the guest's process; its devices are free when this returns.
    func destroy() throws(LibvirtError) { try check(calls.virDomainDestroy(pointer)) }

    /// Only while it runs: its definition stays as it is.
    func attach(_ xml: String) throws(LibvirtError) {
        try check(calls.virDomainAttachDeviceFlags(pointer, xml, Self.live))
    }

    /// Asks the guest to let go of it, and waits for that some seconds.
    func detach(alias: String) throws(LibvirtError) {
        try check(calls.virDomainDetachDeviceAlias(pointer, alias, Self.live))
    }

    /// `VIR_DOMAIN_AFFECT_LIVE`.
    private static let live: UInt32 = 1

    /// With its saved memory and, when it has one, its firmware's variables.
    func undefine(hasFirmwareVariables: Bool) throws(LibvirtError) {
        let saved = try check(calls.virDomainHasManagedSaveImage(pointer, 0)) == 1
        let flags: UInt32 = (saved ? 1 : 0) | (hasFirmwareVariables ? 4 : 0)  // ..._MANAGED_SAVE, ..._NVRAM
        try check(calls.virDomainUndefineFlags(pointer, flags))
    }

    /// Connects the first serial console to `stream`.
    func openConsole(_ stream: OpaquePointer) throws(LibvirtError) {
        try check(calls.virDomainOpenConsole(pointer, nil, stream, 0))
    }

    @discardableResult
    private func check(_ result: Int32) throws(LibvirtError) -> Int32 {
        guard result >= 0 else { throw LibvirtError(last: calls) }
        return result
    }
}
