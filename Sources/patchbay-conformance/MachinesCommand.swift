import ArgumentParser
import Foundation
import PatchbayCore
import PatchbayHost

/// `machines DIR`: reads every `NAME.tar.xz` as a root directory and compares with `NAME.json`.
struct MachinesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "machines", abstract: "Read recorded machines and compare with what is true of them.")

    @Argument(help: "Directory with NAME.tar.xz and NAME.json for each machine.") var directory: String
    @Flag(help: "Print every machine with its result as JSON.") var json = false

    func run() async throws {
        let folder = URL(filePath: directory, directoryHint: .isDirectory)
        let archives = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            .filter { $0.hasSuffix(".tar.xz") }.sorted()
        var report = ConformanceReport()
        for archive in archives {
            let name = String(archive.dropLast(".tar.xz".count))
            do {
                report.add(name, try await differences(of: name, in: folder))
            } catch {
                report.add(name, ["cannot be compared: \(error)"])
            }
        }
        try report.finish(json: json)
    }

    private func differences(of name: String, in folder: URL) async throws -> [String] {
        let truth = try JSONDecoder().decode(
            Machine.self, from: Data(contentsOf: folder.appending(path: "\(name).json"))
        ).truth
        let scratch = FileManager.default.temporaryDirectory.appending(path: "patchbay-machines-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
        defer {
            do {
                try FileManager.default.removeItem(at: scratch)
            } catch {
                FileHandle.standardError.write(Data("\(scratch.path) is left behind: \(error)\n".utf8))
            }
        }
        try await Archive.unpack(folder.appending(path: "\(name).tar.xz"), into: scratch)
        let root = try root(in: scratch)
        let reading = try InventoryReader(root: root.path).survey()
        return MachineComparison(truth: truth, reading: reading, root: root).differences()
    }

    /// The archive holds the tree itself, or one directory with it.
    private func root(in folder: URL) throws -> URL {
        let entries = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        guard !entries.contains("sys"), entries.count == 1, let only = entries.first else { return folder }
        return folder.appending(path: only)
    }
}

/// A recorded host as it lies on disk.
enum Archive {
    static func unpack(_ archive: URL, into folder: URL) async throws {
        let tar = try await Program("tar").run(
            ["-xJf", archive.path, "-C", folder.path], within: .seconds(600))
        guard tar.status == 0 else {
            throw Problem(
                .unreadable, "\"\(archive.path)\" cannot be unpacked.",
                cause: "tar ended with status \(tar.status): \(tar.errors)")
        }
    }
}
