import ArgumentParser
import Foundation
import PatchbayClient
import PatchbayCore
import PatchbayLab

/// `patchbay lab`: emulated hosts on this machine, to try everything without hardware.
struct LabCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lab",
        abstract: "Run emulated hosts with devices to pass through, no hardware needed.",
        discussion: """
            Each host is a QEMU machine under software emulation with an IOMMU, a stock Debian kernel, the real vfio-pci, \
            the real libvirt and the real agent. It sees this machine's programs read-only; nothing it does reaches them.
            """,
        subcommands: [
            LabUp.self, LabStatus.self, LabRun.self, LabReboot.self, LabLogs.self, LabDescribe.self, LabDown.self,
            LabDemo.self,
        ])
}

/// Where the lab is.
struct LabOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The lab's state directory (default: \(Lab.defaultDirectory)).", valueName: "dir"))
    var state: String?

    var lab: Lab { Lab(directory: state.map(Self.absolute) ?? Lab.defaultDirectory) }

    static func absolute(_ path: String) -> String {
        path.hasPrefix("/") ? path : "\(FileManager.default.currentDirectoryPath)/\(path)"
    }
}

extension Lab {
    /// nil: the lab has no server.
    var client: PatchbayClient? {
        get throws(Problem) {
            guard server.process != nil, let url = server.url else { return nil }
            return PatchbayClient(address: try ServerAddress(url), token: server.token)
        }
    }
}

/// Where fetched and built things are kept, and how progress is shown.
struct LabCacheOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Where kernels and programs are stored (default: \(LabCache.defaultDirectory)).", valueName: "dir"))
    var cache: String?

    @Option(help: ArgumentHelp("The host to emulate: rich, small or a YAML file.", valueName: "file"))
    var describe = "rich"

    var labCache: LabCache {
        let clock = ContinuousClock()
        let started = clock.now
        return LabCache(directory: cache.map(LabOptions.absolute) ?? LabCache.defaultDirectory) { line in
            LabOutput.progress(line, after: clock.now - started)
        }
    }

    func description() throws(Problem) -> HostDescription {
        if let text = LabAssets.descriptions[describe] { return try HostDescription(yaml: text) }
        guard let bytes = FileManager.default.contents(atPath: describe) else {
            throw Problem(
                .usage, "There is no host description \"\(describe)\".",
                next: [
                    NextStep(
                        "Use one of \(LabAssets.descriptions.keys.sorted().joined(separator: ", ")), or a YAML file like "
                            + "the one that \"patchbay lab describe rich\" prints.")
                ])
        }
        return try HostDescription(yaml: String(decoding: bytes, as: UTF8.self))
    }
}
