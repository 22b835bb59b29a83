/// Where one emulated host keeps its things, below the lab's state directory.
package struct HostFiles: Hashable, Sendable {
    package let directory: String

    package init(directory: String) { self.directory = directory }

    package var console: String { "\(directory)/console.log" }
    package var qemuLog: String { "\(directory)/qemu.log" }
    package var process: String { "\(directory)/qemu.process" }
    package var description: String { "\(directory)/host.json" }
    /// The directory that the host sees as /share.
    package var share: String { "\(directory)/share" }
    package var qmpSocket: String { "\(directory)/qmp" }
    package func portSocket(_ number: Int) -> String { "\(directory)/p\(number)" }
    package func portLock(_ number: Int) -> String { "\(directory)/p\(number).lock" }
    package func image(of drive: HostDescription.Drive) -> String { "\(directory)/\(drive.id).img" }
}
