import ArgumentParser
import Foundation

/// `cases DIR`: asks the built program about small hosts, and compares with what an expert expects.
struct CasesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cases",
        abstract: "Ask the built patchbay about small hosts, and compare with what an expert expects.",
        discussion: """
            DIR holds a directory for each case, with checks.json and the host's archives, and machines.json for recorded machines. \
            Every check is counted; those that fail are listed with what came instead, and why it matters.
            """)

    @Argument(help: "Directory with the cases.") var directory: String
    @Option(help: "Directory of recorded machines: makes the checks of machines.json, too.") var machines: String?
    @Option(help: "The program that is asked; without it the one that was built beside this one.") var patchbay: String?
    @Option(name: .customLong("case"), help: "Only this case; may be given several times.") var only: [String] = []
    @Option(help: "How many cases at a time.") var jobs = 2
    @Flag(help: "Print every check with its result as JSON.") var json = false

    func validate() throws {
        guard (1...64).contains(jobs) else { throw ValidationError("--jobs is from 1 to 64.") }
    }

    func run() async throws {
        let program = BuiltProgram(path: try patchbay ?? BuiltProgram.besideThis())
        guard FileManager.default.isExecutableFile(atPath: program.path) else {
            throw ValidationError("There is no program \"\(program.path)\". Build it, or name it with --patchbay.")
        }
        var report = ConformanceReport()
        let cases = try hostCases(&report)
        for (hostCase, results) in zip(cases, await results(of: cases, program)) {
            for (check, wrong) in results {
                report.add("\(hostCase.name): \(check.name)", wrong.map { ["\($0) - \(check.why)"] } ?? [])
            }
        }
        try report.finish(json: json, most: .max)
    }

    private func results(
        of cases: [HostCase], _ program: BuiltProgram
    ) async -> [[(check: HostCheck, wrong: String?)]] {
        await withTaskGroup(of: (Int, [(check: HostCheck, wrong: String?)]).self) { group in
            var all = [[(check: HostCheck, wrong: String?)]](repeating: [], count: cases.count)
            for (index, hostCase) in cases.enumerated() {
                if index >= jobs, let (done, results) = await group.next() { all[done] = results }
                group.addTask { (index, await CaseRun(hostCase, program).results()) }
            }
            for await (done, results) in group { all[done] = results }
            return all
        }
    }

    // MARK: Reading

    private func hostCases(_ report: inout ConformanceReport) throws -> [HostCase] {
        let folder = URL(filePath: directory, directoryHint: .isDirectory)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        var cases = try names.compactMap { name -> HostCase? in
            let place = folder.appending(path: name)
            let file = place.appending(path: "checks.json")
            guard FileManager.default.fileExists(atPath: file.path) else { return nil }
            return HostCase(name: name, checks: try checks(file), folder: place)
        }
        guard !cases.isEmpty else { throw ValidationError("There is no case below \"\(directory)\".") }
        cases += try recorded(folder.appending(path: "machines.json"), &report)
        guard !only.isEmpty else { return cases }
        for name in only where !cases.contains(where: { $0.name == name }) {
            throw ValidationError("There is no case \"\(name)\".")
        }
        return cases.filter { only.contains($0.name) }
    }

    private func recorded(_ file: URL, _ report: inout ConformanceReport) throws -> [HostCase] {
        let byMachine = Dictionary(grouping: try checks(file)) { $0.machine ?? "" }
        guard let machines else {
            report.leaveOut("\(byMachine.count) recorded machines, which --machines DIR names")
            return []
        }
        let folder = URL(filePath: machines, directoryHint: .isDirectory)
        return byMachine.sorted { $0.key < $1.key }.map { name, checks in
            HostCase(name: name, checks: checks, folder: folder, machine: name)
        }
    }

    private func checks(_ file: URL) throws -> [HostCheck] {
        do { return try JSONDecoder().decode([HostCheck].self, from: try Data(contentsOf: file)) } catch {
            throw UnreadableCase(description: "\(file.path) cannot be read: \(error)")
        }
    }
}
