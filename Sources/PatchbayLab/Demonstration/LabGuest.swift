import PatchbayAPI
import PatchbayCore

/// The guests that every emulated host has at hand, and how to read what they print.
package enum LabGuest {
    package static let probeKernel = "/share/guests/probe"
    package static let linuxKernel = "/share/guests/linux"
    package static let linuxInitramfs = "/share/guests/linux.initramfs"
    /// Has drivers for USB, and takes longer to start.
    package static let usbKernel = "/share/guests/linux-usb"
    package static let usbInitramfs = "/share/guests/linux-usb.initramfs"
    /// Leaves out what only costs time under emulation.
    package static let linuxCommandLine =
        "console=ttyS0 quiet panic=-1 mitigations=off nokaslr no_timer_check tsc=reliable cryptomgr.notests"

    /// What the guest listed between `begin` and `end`, once it is complete.
    ///
    /// - Throws: `.timedOut` with the console's last lines.
    package static func listing(
        of vm: String, service: any PatchbayService, within limit: Duration
    ) async throws(Problem) -> [String] {
        var console = ""
        do throws(Problem) {
            try await Observation.until(limit, "the guest \(vm) has said what it has", every: .seconds(2)) {
                () async throws(Problem) in
                console = String(decoding: try await service.consoleLog(vm), as: UTF8.self)
                return Self.listing(in: console) != nil
            }
        } catch {
            let lines = console.split(whereSeparator: \.isNewline).suffix(10).map(String.init)
            throw Problem(error.code, error.detail, evidence: lines, next: error.next)
        }
        return Self.listing(in: console) ?? []
    }

    /// The last complete listing in what a guest printed; nil: there is none yet.
    package static func listing(in console: String) -> [String]? {
        var complete: [String]?
        var current: [String]?
        for line in console.split(whereSeparator: \.isNewline) {
            if line.hasSuffix("GUEST begin") || line.hasSuffix("PROBE begin") {
                current = []
            } else if line == "GUEST end" || line == "PROBE end" {
                complete = current ?? complete
                current = nil
            } else {
                current?.append(String(line))
            }
        }
        return complete
    }
}
