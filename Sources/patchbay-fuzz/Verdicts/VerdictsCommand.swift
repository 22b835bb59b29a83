import ArgumentParser
import Foundation
import Glibc

/// `verdicts`: makes hosts at random, plants uses on their devices, and holds every verdict against what was planted.
struct VerdictsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verdicts",
        abstract: "Plant uses on devices of made hosts: those are not free, and all others are.",
        discussion: """
            Every kind of use and of free device comes up in turn. Each kind that is judged wrongly is listed with its first case, and the \
            smallest host that still fails is kept, to be read with patchbay host inspect --root DIR.
            """)

    @Option(help: "How many cases.") var cases = 20_000
    @Option(help: "What the cases follow from; without it one is chosen and printed.") var seed: UInt64?
    @Option(name: .customLong("case"), help: "Only this case; its host is kept.") var only: Int?
    @Option(help: "Only kinds of uses and free devices with this in their name, as the counts show it.") var kind:
        String?
    @Option(help: "How many at a time.") var workers = 2

    func validate() throws {
        guard cases > 0, (1...256).contains(workers) else {
            throw ValidationError("--cases is at least 1, --workers from 1 to 256.")
        }
        if let kind, !Ingredient.Kind.all.contains(where: { $0.name.localizedCaseInsensitiveContains(kind) }) {
            throw ValidationError("There is no kind with \"\(kind)\" in its name.")
        }
    }

    func run() async throws {
        let seed = seed ?? UInt64.random(in: 0...999_999_999)
        let folder = "\(ScratchFolder.parent)/patchbay-verdicts-\(getpid())"
        let run = VerdictRun(seed: seed, words: kind, folder: folder)
        if let only { return try replay(only, run) }
        print("seed \(seed), \(cases) cases")
        fflush(nil)
        let start = ContinuousClock.now
        let outcome = try await run.run(cases: cases, lanes: workers)
        let seconds = max(1, (ContinuousClock.now - start).components.seconds)
        for (name, count) in outcome.counts.sorted(by: { $0.key < $1.key }) {
            print("\(name): \(count)\(outcome.wrong[name].map { ", \($0) wrong" } ?? "")")
        }
        try tell(outcome, run)
        print("\(cases) cases in \(seconds) s: \(Self.totals(outcome)), \(outcome.wrong.values.reduce(0, +)) wrong")
        if outcome.failures.isEmpty { return try FileManager.default.removeItem(atPath: folder) }
        throw ExitCode(1)
    }

    /// `2310 used, 204 at risk, 4012 free`.
    private static func totals(_ outcome: VerdictRun.Outcome) -> String {
        ["used", "at risk", "free"].map { word in
            "\(outcome.counts.filter { $0.key.hasPrefix("\(word):") }.values.reduce(0, +)) \(word)"
        }.joined(separator: ", ")
    }

    private func tell(_ outcome: VerdictRun.Outcome, _ run: VerdictRun) throws {
        for failure in outcome.failures.values.sorted(by: { $0.name < $1.name }) {
            let place = "\(run.folder)/\(failure.name.map { $0.isLetter || $0.isNumber ? String($0) : "-" }.joined())"
            print("case \(failure.number): \(try run.keep(failure, in: place))")
            print("  again: patchbay-fuzz verdicts --seed \(run.seed) --case \(failure.number)\(kindOption)")
            print("  kept:  \(place)")
        }
    }

    private var kindOption: String { kind.map { " --kind '\($0)'" } ?? "" }

    private func replay(_ number: Int, _ run: VerdictRun) throws {
        let root = "\(run.folder)/case"
        let host = PlantedHost(run.ingredients(number))
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
        try host.files.make(below: root)
        for (address, judgement) in host.judgements.sorted(by: { $0.key < $1.key }) {
            print("\(address) \(judgement.expectation) (\(judgement.kind.name))")
        }
        let check = try VerdictCheck(host, root: root)
        for fault in check.faults { print("wrong: \(fault.sentence)") }
        print("\(check.faults.count) wrong; the host is kept in \(root)")
        if !check.faults.isEmpty { throw ExitCode(1) }
    }
}
