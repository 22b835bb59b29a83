import ArgumentParser
import Foundation
import PatchbayCore
import PatchbayHost

/// `patchbay host record atlas.tar.xz`
struct HostRecordCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "record", abstract: "Record this machine into a portable file.",
        discussion: """
            Only reads, and only what Patchbay reads: attributes of sysfs and proc, config spaces, the boot loader's \
            settings, versions. Serial numbers, hardware addresses, UUIDs, names of hosts, users, servers and volumes, and \
            IP addresses are replaced by made-up values, the same everywhere in one recording. Run it as root: other users \
            see less of the hardware.
            Example:  patchbay host record atlas.tar.xz
                      patchbay host inspect --root atlas.tar.xz
                      patchbay doctor --root atlas.tar.xz
            """)

    @Argument(help: ArgumentHelp("The file to write: FILE.tar.xz, FILE.tar.gz or FILE.tar.", valueName: "file"))
    var file: String
    @Option(help: RootOption.help)
    var root = "/"
    @Flag(
        help:
            "Keep names, serial numbers and addresses. Such a file identifies the machine: do not share it.")
    var noAnonymise = false
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let out = Output(global, format: .table)
        let place = file
        guard Packing(fileName: place) != nil else {
            throw Problem(
                .usage, "\"\(place)\" is not a valid name for a recording.",
                next: ["Give a file that ends in .tar.xz, .tar.gz or .tar:  patchbay host record atlas.tar.xz"])
        }
        let isAnonymous = !noAnonymise
        let (count, size) = try await RootOption.read(root) { (directory) throws(Problem) in
            let recording = try HostRecording(root: directory, isAnonymous: isAnonymous)
            return (recording.tree.entries.count, try await recording.write(to: place))
        }
        if noAnonymise {
            Surroundings.current.talk(
                "warning: \(place) holds serial numbers, addresses and names of this machine. Do not share it.\n")
        }
        out.write("Recorded \(CountWords.count(count, "entry", "entries")), \((size + 1023) / 1024) KiB: \(place)\n")
        out.write("next  Read it anywhere:  patchbay doctor --root \(place)\n")
    }
}
