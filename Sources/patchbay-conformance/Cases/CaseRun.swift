import Foundation
import PatchbayCore

/// One host with its checks, held against the program.
struct HostCase: Sendable {
    var name: String
    var checks: [HostCheck]
    /// Where its archives and files lie.
    var folder: URL
    /// The archive of a recorded machine; nil: each check names its own.
    var machine: String?

    func archive(_ check: HostCheck) -> URL { folder.appending(path: "\(machine ?? check.root).tar.xz") }
}

/// What came instead of what a check expects.
struct Wrong: Error, CustomStringConvertible {
    var description: String
}

/// Examines the checks of one case; each command runs once.
actor CaseRun {
    private let program: BuiltProgram
    private let hostCase: HostCase
    private var answers: [String: BuiltProgram.Answer] = [:]
    private var servers: [String: (server: CaseServer, access: [String: String])] = [:]
    private var unpacked: [String: CaseFolder] = [:]

    init(_ hostCase: HostCase, _ program: BuiltProgram) {
        self.hostCase = hostCase
        self.program = program
    }

    /// By check, what came instead; nil: as expected.
    func results() async -> [(check: HostCheck, wrong: String?)] {
        var results: [(check: HostCheck, wrong: String?)] = []
        for check in hostCase.checks {
            do {
                try await examine(check)
                results.append((check, nil))
            } catch { results.append((check, "\(error)")) }
        }
        return results
    }

    private func examine(_ check: HostCheck) async throws {
        switch check.expectation {
        case .verdict(let names, let verdicts):
            try await require(names, check) { verdicts.contains($0.verdict) }
        case .lendable(let names, let isLendable):
            try await require(names, check) {
                isLendable ? $0.state == "free" && $0.verdict == "free" : $0.state != "free"
            }
        case .mentions(let pattern, let command):
            let answer = try await ask(check, command)
            if try match(pattern, answer.text) == nil {
                throw Wrong(description: "it is not there, exit status \(answer.status): \(answer.beginning)")
            }
        case .mentionsNot(let pattern, let command):
            let answer = try await ask(check, command)
            if let line = try match(pattern, answer.text) { throw Wrong(description: "it is there: \(line)") }
        case .exit(let code, let command):
            let answer = try await ask(check, command)
            if answer.status != code { throw Wrong(description: "exit status \(answer.status): \(answer.beginning)") }
        case .lists(let names, let command):
            let found = try await list(check, command)
            if found != names.map(Self.full).sorted() {
                throw Wrong(description: "it lists \(found.joined(separator: ", "))")
            }
        }
    }

    // MARK: Devices

    private struct Device: Decodable {
        var address: String
        var vendorID: String
        var deviceID: String
        var state: String
        var verdict: String
        var reason: String?
    }
    private struct Report: Decodable { var devices: [Device] }

    private func require(_ names: [String], _ check: HostCheck, _ isRight: (Device) -> Bool) async throws {
        let answer = try await ask(check, "host inspect -o json")
        guard let report = try? JSONDecoder().decode(Report.self, from: Data(answer.output.utf8)) else {
            throw Wrong(description: "no JSON, exit status \(answer.status): \(answer.beginning)")
        }
        var wrong: [Device] = []
        for name in names {
            let named = report.devices.filter {
                "\($0.vendorID):\($0.deviceID)".lowercased() == name || Self.full($0.address) == Self.full(name)
            }
            if named.isEmpty { throw Wrong(description: "there is no device \(name)") }
            wrong += named.filter { !isRight($0) }
        }
        guard let first = wrong.first else { return }
        let more = wrong.count > 1 ? ", and \(wrong.count - 1) more" : ""
        throw Wrong(
            description: "\(first.address) has state \(first.state) and verdict \(first.verdict)"
                + (first.reason.map { " (\($0.prefix(200)))" } ?? "") + more)
    }

    private func list(_ check: HostCheck, _ command: String) async throws -> [String] {
        let answer = try await ask(check, command)
        guard let rows = answer.rows else {
            throw Wrong(description: "no JSON, exit status \(answer.status): \(answer.beginning)")
        }
        return rows.compactMap { ($0["address"] ?? $0["name"]) as? String }.map(Self.full).sorted()
    }

    /// Addresses with their domain, other names as they are.
    private static func full(_ name: String) -> String { (try? PCIAddress(name))?.description ?? name.lowercased() }

    // MARK: Asking

    private func ask(_ check: HostCheck, _ command: String) async throws -> BuiltProgram.Answer {
        var arguments = Self.words(command)
        var environment: [String: String] = [:]
        if let guests = check.server {
            environment = try await access(to: guests)
        } else {
            arguments += ["--root", try await root(check)]
        }
        let key = (arguments + environment.values.sorted()).joined(separator: "\n")
        if let answer = answers[key] { return answer }
        let answer = try await program.run(arguments, environment: environment)
        answers[key] = answer
        return answer
    }

    /// Words of a command; those with blanks stand in single quotes.
    private static func words(_ command: String) -> [String] {
        command.split(separator: "'", omittingEmptySubsequences: false).enumerated().flatMap { index, part in
            index % 2 == 1 ? [String(part)] : part.split(separator: " ").map(String.init)
        }
    }

    private func root(_ check: HostCheck) async throws -> String {
        let archive = hostCase.archive(check)
        guard FileManager.default.fileExists(atPath: archive.path) else {
            throw Wrong(description: "\(archive.lastPathComponent) is missing")
        }
        guard check.isUnpacked else { return archive.path }
        if let folder = unpacked[archive.path] { return folder.path }
        let folder = try CaseFolder()
        unpacked[archive.path] = folder
        try await Archive.unpack(archive, into: URL(filePath: folder.path))
        return folder.path
    }

    private func access(to guests: String) async throws -> [String: String] {
        if let known = servers[guests] { return known.access }
        let server = try CaseServer(program, guests: hostCase.folder.appending(path: guests).absoluteURL)
        let access = try await server.access(program)
        servers[guests] = (server, access)
        return access
    }

    /// The line in which the pattern is found, whatever the case.
    private func match(_ pattern: String, _ text: String) throws -> String? {
        let expression = try NSRegularExpression(pattern: pattern, options: .caseInsensitive)
        let found = expression.rangeOfFirstMatch(in: text, range: NSRange(text.startIndex..., in: text))
        guard let range = Range(found, in: text) else { return nil }
        return text[text.lineRange(for: range)].split(separator: "\n").joined(separator: " | ")
    }
}

extension BuiltProgram.Answer {
    /// The objects of the JSON array that it printed; nil: it is something else.
    var rows: [[String: Any]]? { (try? JSONSerialization.jsonObject(with: Data(output.utf8))) as? [[String: Any]] }

    /// Its first lines.
    fileprivate var beginning: String {
        let lines = (errors.isEmpty ? output : errors).split(separator: "\n").prefix(3).map {
            $0.trimmingCharacters(in: .whitespaces)
        }
        return lines.isEmpty ? "no output" : String(lines.joined(separator: " | ").prefix(300))
    }
}
