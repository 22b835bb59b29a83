import ArgumentParser
import Foundation
import PatchbayCore

/// `nova DIR`: what we make of Nova's settings beside what Nova 34 made of them.
struct NovaCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "nova", abstract: "Compare our meaning of Nova's settings with what Nova itself answered.",
        discussion: "Reads allocation, devspec, alias, placement_view and names (.jsonl or .jsonl.xz), one case a line."
    )

    @Argument(help: "Directory with the recorded answers.") var directory: String
    @Option(help: "Only these files, by name, separated by commas: devspec,names") var only: String?
    @Flag(help: "Print every case with its result as JSON.") var json = false

    func run() async throws {
        let folder = URL(filePath: directory, directoryHint: .isDirectory)
        var report = ConformanceReport()
        for file in try files() {
            let lines = try await file.lines(in: folder)
            guard let check = file.check else {
                report.leaveOut("\(file.rawValue): \(lines.count) cases, which need what is not built yet")
                continue
            }
            for (number, line) in lines.enumerated() {
                var id = "\(file.rawValue):\(number + 1)"
                do {
                    let value = try NovaValue(parsing: String(line))
                    id = value["id"]?.text ?? id
                    switch try check(value) {
                    case .compared(let differences): report.add(id, differences)
                    case .skipped(let why): report.skip(why)
                    }
                } catch { report.add(id, ["cannot be compared: \(error)"]) }
            }
        }
        try report.finish(json: json)
    }

    private func files() throws -> [NovaFile] {
        guard let only else { return NovaFile.allCases }
        return try only.split(separator: ",").map { name in
            guard let file = NovaFile(rawValue: String(name)) else {
                let known = NovaFile.allCases.map(\.rawValue).joined(separator: ", ")
                throw ValidationError("There is no file \"\(name)\". Use \(known).")
            }
            return file
        }
    }
}

/// A recorded case that is not of the form it should have.
struct UnreadableCase: Error, CustomStringConvertible {
    var description: String
}

extension NovaValue {
    /// The field, which has to be there.
    func need(_ name: String) throws -> NovaValue {
        guard let value = self[name] else { throw UnreadableCase(description: "\(name) is missing") }
        return value
    }

    func needText(_ name: String) throws -> String {
        guard let text = try need(name).text else { throw UnreadableCase(description: "\(name) is not text") }
        return text
    }

    func needList(_ name: String) throws -> [NovaValue] {
        guard let list = try need(name).list else { throw UnreadableCase(description: "\(name) is not a list") }
        return list
    }
}
