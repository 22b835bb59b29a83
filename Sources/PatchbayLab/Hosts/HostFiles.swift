/// Where one emulated host keeps its things, below the lab's state directory.
package struct HostFiles: Hashable, Sendable {
    package let directory: String

    package init(directory: String) { self.directory = directory }

    /// The lab that the host belongs to: its folder is LAB/hosts/NAME.
    package var lab: Lab {
        let parts = directory.split(separator: "/", omittingEmptySubsequences: false).dropLast(2)
        return Lab(directory: parts.joined(separator: "/"))
    }

    package var console: String { "\(directory)/console.log" }
    package var qemuLog: String { "\(directory)/qemu.log" }
    package var process: String { "\(directory)/qemu.process" }
    package var description: String { "\(directory)/host.json" }
    /// The directory that the host sees as /share.
    package var share: String { "\(directory)/share" }
    /// What the host starts at every boot once it was set up, and what that printed.
    package var atBoot: String { "\(share)/lab/at-boot" }
    package var bootLog: String { "\(share)/boot.log" }
    package var qmpSocket: String { "\(directory)/qmp" }
    package func portSocket(_ number: Int) -> String { "\(directory)/p\(number)" }
    package func portLock(_ number: Int) -> String { "\(directory)/p\(number).lock" }
    package func image(of drive: HostDescription.Drive) -> String { "\(directory)/\(drive.id).img" }
}
