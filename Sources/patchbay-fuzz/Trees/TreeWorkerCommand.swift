import ArgumentParser
import Foundation
import Glibc

/// Runs cases one after the other in a process of its own, which may trap, hang or grow: its starter sees it.
struct TreeWorkerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "tree-worker", shouldDisplay: false)

    @Option var folder: String
    @Option var seed: UInt64
    @Option var first: Int
    @Option var count: Int
    /// Where the number of the case under way is written.
    @Option var progress: String
    @Option var base: [String] = []
    @Flag var keep = false

    /// More than this and the process is told that there is no memory.
    static let mostMemory = 1 << 30
    /// A case that is not through by then hangs.
    static let deadlineSeconds: UInt32 = 30

    func run() throws {
        var limit = rlimit(rlim_cur: rlim_t(Self.mostMemory), rlim_max: rlim_t(Self.mostMemory))
        guard setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0 else { throw ExitCode(3) }
        let file = open(progress, O_WRONLY | O_CREAT | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw ExitCode(3) }
        var room = try TreeRoom(folder: folder, bases: base)
        for number in first..<(first + count) {
            var value = Int64(number)
            guard pwrite(file, &value, 8, 0) == 8 else { throw ExitCode(3) }
            alarm(Self.deadlineSeconds)
            try runCase(number, &room)
        }
        alarm(0)
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        print("done \(usage.ru_maxrss)")
    }

    private func runCase(_ number: Int, _ room: inout TreeRoom) throws {
        var dice = Dice(seed: seed, case: number)
        let tree = try room.tree(&dice)
        var mutation = TreeMutation(root: tree.root, aside: room.aside)
        mutation.apply(to: tree.paths, &dice)
        if keep {
            for change in mutation.changes { print("change \(change)") }
            print("tree \(tree.root)")
            fflush(nil)
        }
        let findings = CaseCheck(root: tree.root, isThorough: keep || number % 8 == 0).findings(&dice)
        for finding in findings { print("finding \(number) \(finding)") }
        if !findings.isEmpty { fflush(nil) }
        if !keep { try mutation.undo() }
    }
}
