import Foundation
import Glibc
import PatchbayCore
import PatchbayHost

extension LabHost {
    /// The host's folder as a start needs it: disks, tools and guests in the share, no sockets of a run before.
    ///
    /// - Parameter keepsDisks: the disks of the run before stay as they are; otherwise they are made blank.
    func prepareFiles(_ products: LabProducts, keepsDisks: Bool) throws(Problem) {
        let manager = FileManager.default
        try manager.make("\(files.share)/lab")
        try manager.make("\(files.share)/guests")
        for name in try manager.names(in: files.directory) where ["qmp", "p"].contains(name.prefix { $0.isLetter }) {
            try manager.remove("\(files.directory)/\(name)")
        }
        try manager.remove(files.console)
        for (name, path) in products.tools { try copy(path, toShare: "lab/\(name)") }
        for (name, path) in products.guests { try copy(path, toShare: "guests/\(name)") }
        if !keepsDisks { for drive in description.drives { try make(drive) } }
        do {
            try manager.write([UInt8](try JSONEncoder().encode(description)), to: files.description)
        } catch {
            throw (error as? Problem)
                ?? Problem(.failed, "Cannot write \(files.description).", cause: fileErrorWords(error))
        }
    }

    /// Puts a file of this machine where the host sees it as `/share/NAME`; permissions go along.
    package func copy(_ path: String, toShare name: String) throws(Problem) {
        let target = "\(files.share)/\(name)"
        let manager = FileManager.default
        try manager.make(URL(filePath: target).deletingLastPathComponent().path)
        try manager.remove(target)
        do {
            try manager.copyItem(atPath: path, toPath: target)
        } catch {
            throw Problem(.failed, "Cannot copy \(path) to the host \(name).", cause: fileErrorWords(error))
        }
    }

    private func make(_ drive: HostDescription.Drive) throws(Problem) {
        let path = files.image(of: drive)
        try FileManager.default.write(Array((drive.begins ?? "").utf8), to: path)
        guard truncate(path, drive.sizeMiB << 20) == 0 else { throw .system("Cannot make \(path).", errno: errno) }
    }

    /// Lays file systems on the drives that are to have one.
    func format() async throws(Problem) {
        for drive in description.drives where drive.fileSystem == .ext4 {
            let options = "lazy_itable_init=1,lazy_journal_init=1,nodiscard"
            try await Tool.run([
                Tool.path(of: "mkfs.ext4") ?? "mkfs.ext4", "-q", "-F", "-E", options, files.image(of: drive),
            ])
        }
    }
}
