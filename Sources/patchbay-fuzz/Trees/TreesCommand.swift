import ArgumentParser
import Foundation
import Glibc

/// `trees`: changes the files of hosts at random and reads them.
struct TreesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trees", abstract: "Change hosts' trees at random and read them, in processes that are watched.")

    @Option(help: "How many cases.") var cases = 20_000
    @Option(help: "What the changes follow from; without it one is chosen and printed.") var seed: UInt64?
    @Option(help: "Directory of a recorded machine to start from too; may be given several times.") var base: [String] =
        []
    @Option(help: "How many processes.") var workers = 2
    @Option(name: .customLong("case"), help: "Only this case; its tree is kept and its changes are printed.")
    var only: Int?

    func validate() throws {
        guard cases > 0, (1...256).contains(workers) else {
            throw ValidationError("--cases is at least 1, --workers from 1 to 256.")
        }
    }

    func run() async throws {
        let seed = seed ?? UInt64.random(in: 0...999_999_999)
        let folder = "\(ScratchFolder.parent)/patchbay-fuzz-\(getpid())"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        if let only { return try await replay(only, seed: seed, in: folder) }
        defer { remove(folder) }
        print("seed \(seed), \(cases) cases, \(workers) workers")
        fflush(nil)
        let start = ContinuousClock.now
        let outcome = try await TreeRun(folder: folder, seed: seed, bases: base).run(cases: cases, workers: workers)
        let seconds = (ContinuousClock.now - start).components.seconds
        for failure in outcome.failures.prefix(20) {
            print("case \(failure.number): \(failure.what)")
            print(
                "  again: patchbay-fuzz trees --seed \(seed) --case \(failure.number)"
                    + base.map { " --base \($0)" }.joined())
        }
        print(
            "\(outcome.done) cases in \(seconds) s (\(outcome.done / max(1, Int(seconds)))/s), "
                + "\(outcome.failures.count) failures, at most \(outcome.mostMemoryKiB / 1024) MiB a process")
        if !outcome.failures.isEmpty || outcome.done < cases { throw ExitCode(1) }
    }

    private func replay(_ number: Int, seed: UInt64, in folder: String) async throws {
        let worker = TreeWorker(
            folder: "\(folder)/again", seed: seed, bases: base, cases: number..<(number + 1), keepsTree: true)
        let end = try await worker.run()
        print(end.output, terminator: "")
        print("\(end.what); the tree is kept below \(folder)")
        if !end.isWell || end.output.contains("\nfinding ") { throw ExitCode(1) }
    }

    private func remove(_ folder: String) {
        do { try FileManager.default.removeItem(atPath: folder) } catch {
            FileHandle.standardError.write(Data("\(folder) is left behind: \(error)\n".utf8))
        }
    }
}
