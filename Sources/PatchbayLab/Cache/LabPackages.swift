import Foundation
import PatchbayCore
import PatchbayHost

/// Debian packages that the lab uses without installing them: two kernels and a QEMU that knows SR-IOV network cards.
///
/// apt works in directories of our own, so that this needs neither root nor up-to-date package lists.
struct LabPackages {
    let sources: AptSources
    let progress: LabCache.Progress

    /// Raised when other packages are wanted.
    private static let recipe = "1"

    var key: String {
        var hash = ContentHash()
        hash.add(Self.recipe)
        hash.add(sources.codename)
        return hash.text
    }

    /// Makes `kernel/`, `guest-kernel/` and `qemu/` in `directory`.
    func fetch(into directory: String) async throws(Problem) {
        let apt = Apt(directory: "\(directory)/apt", backports: sources.backports)
        progress("fetching package lists")
        try await apt.prepare(sources)
        for (name, folder) in [("linux-image-amd64", "kernel"), ("linux-image-cloud-amd64", "guest-kernel")] {
            let kernel = try await apt.dependency(of: name, startingWith: "linux-image-")
            progress("fetching \(kernel)")
            try await apt.unpack([kernel], into: "\(directory)/\(folder)")
        }
        progress("fetching QEMU")
        try await apt.unpack(
            ["qemu-system-x86", "qemu-system-common", "qemu-system-data", "seabios"], into: "\(directory)/qemu",
            preferBackports: true)
        try await apt.unpack(["ipxe-qemu"], into: "\(directory)/qemu")
        for folder in ["kernel", "guest-kernel"] {
            let tree = "\(directory)/\(folder)"
            let version = try LabKernel(tree: tree).version
            try await Tool.run([Tool.path(of: "depmod") ?? "depmod", "-b", tree, version])
        }
        try FileManager.default.remove("\(directory)/apt")
    }
}

/// apt, kept to directories of its own.
private struct Apt {
    let directory: String
    let backports: String

    private var options: [String] {
        [
            "-q", "-o", "Dir::Etc::SourceList=\(directory)/sources.list", "-o", "Dir::Etc::SourceParts=-",
            "-o", "Dir::State::Lists=\(directory)/lists", "-o", "Dir::Cache=\(directory)/cache",
            "-o", "APT::Sandbox::User=", "-o", "Acquire::Languages=none",
        ]
    }

    func prepare(_ sources: AptSources) async throws(Problem) {
        for folder in ["lists/partial", "cache/archives/partial", "downloads"] {
            try FileManager.default.make("\(directory)/\(folder)")
        }
        try FileManager.default.write(Array(sources.list.utf8), to: "\(directory)/sources.list")
        try await Tool.run(["apt-get"] + options + ["update"])
    }

    /// The first package of that beginning that `package` depends on: what a metapackage stands for.
    func dependency(of package: String, startingWith prefix: String) async throws(Problem) -> String {
        let output = try await Tool.run(["apt-cache"] + options + ["depends", "--important", package])
        for line in output.text.split(separator: "\n") {
            let words = line.split(separator: " ")
            if words.first == "Depends:", let name = words.last, name.hasPrefix(prefix) { return String(name) }
        }
        throw Problem(.failed, "Debian's package \(package) depends on no \(prefix)….", cause: output.text)
    }

    func unpack(
        _ packages: [String], into target: String, preferBackports: Bool = false
    ) async throws(Problem) {
        let downloads = "\(directory)/downloads"
        let release = preferBackports ? ["-t", backports] : []
        try await Tool.run(["apt-get"] + options + release + ["download"] + packages, directory: downloads)
        for file in try FileManager.default.names(in: downloads) where file.hasSuffix(".deb") {
            try await Tool.run(["dpkg-deb", "-x", "\(downloads)/\(file)", target])
            try FileManager.default.remove("\(downloads)/\(file)")
        }
    }
}
