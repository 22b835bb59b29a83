import ArgumentParser
import Foundation
import Glibc

/// `inputs`: bytes that grow towards what has not been run yet.
struct InputsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inputs", abstract: "Try inputs on what reads text and bytes, guided by the code they reach.",
        discussion: "Guided only in a build with coverage, as `make fuzz` makes it; any build can run kept inputs.")

    @Argument(help: "What to try; everything without it.") var targets: [String] = []
    @Option(help: "Seconds for all of them together.") var seconds = 60
    @Option(help: "Directory in which inputs that reach something new are kept, in one directory for each target.")
    var corpus = ".build-fuzz/corpus"
    @Option(help: "Directory for inputs that are not survived.") var found = ".build-fuzz/found"

    func run() async throws {
        let chosen = try chosen()
        let isGuided = GuidedRun.isAvailable
        if !isGuided { print("This build has no coverage: kept inputs are run once, nothing is searched.") }
        var failures = 0
        for target in chosen {
            for directory in ["\(corpus)/\(target.rawValue)", found] {
                try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            }
            let end = try await InputWorker(
                target: target, corpus: "\(corpus)/\(target.rawValue)", found: found,
                seconds: isGuided ? max(1, seconds / chosen.count) : nil
            ).run()
            print("\(target.rawValue): \(end.summary)")
            fflush(nil)
            if !end.isWell { failures += 1 }
        }
        print("\(chosen.count - failures) passed, \(failures) failed")
        if failures > 0 { throw ExitCode(1) }
    }

    private func chosen() throws -> [InputTarget] {
        guard !targets.isEmpty else { return InputTarget.allCases }
        return try targets.map { name in
            guard let target = InputTarget(rawValue: name) else {
                let known = InputTarget.allCases.map(\.rawValue).joined(separator: ", ")
                throw ValidationError("There is no target \"\(name)\". Use \(known).")
            }
            return target
        }
    }
}

/// Runs one target in a process of its own, which may end at any time.
struct InputWorkerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "input-worker", shouldDisplay: false)

    @Argument var target: String
    @Option var corpus: String
    @Option var found: String
    @Option var seconds: Int?

    func run() throws {
        guard let target = InputTarget(rawValue: target) else { throw ExitCode(2) }
        let folder = "\(ScratchFolder.parent)/patchbay-fuzz-input-\(getpid())"
        let room = try InputRoom(folder: folder)
        for (number, seed) in target.seeds.enumerated() { TreeFiles.write("\(corpus)/seed-\(number)", seed) }
        if let seconds {
            GuidedRun.start(target, room, corpus: corpus, found: found, seconds: seconds)
        }
        var count = 0
        for name in try FileManager.default.contentsOfDirectory(atPath: corpus).sorted() {
            guard let bytes = TreeFiles.read("\(corpus)/\(name)") else { continue }
            try target.run(bytes, room)
            count += 1
        }
        try FileManager.default.removeItem(atPath: folder)
        print("\(count) inputs")
    }
}

/// Where files are quick to write.
enum ScratchFolder {
    static var parent: String {
        FileManager.default.isWritableFile(atPath: "/dev/shm")
            ? "/dev/shm" : FileManager.default.temporaryDirectory.path
    }
}
