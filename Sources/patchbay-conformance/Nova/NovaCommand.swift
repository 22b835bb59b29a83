import ArgumentParser
import Foundation
import PatchbayCore

/// `nova DIR`: what we make of Nova's settings beside what Nova 34 made of them.
struct NovaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "nova", abstract: "Compare our meaning of Nova's settings with what Nova itself answered.",
        discussion: "Reads allocation, devspec, alias, placement_view and names (.jsonl), one case a line.")

    @Argument(help: "Directory with the recorded answers.") var directory: String
    @Option(help: "Only these files, by name, separated by commas: devspec,names") var only: String?
    @Flag(help: "Print every case with its result as JSON.") var json = false

    func run() throws {
        let folder = URL(filePath: directory, directoryHint: .isDirectory)
        var report = ConformanceReport()
        for file in try files() {
            let url = folder.appending(path: "\(file.rawValue).jsonl")
            let lines = try String(contentsOf: url, encoding: .utf8).split(separator: "\n")
            guard let check = file.check else {
                report.leaveOut("\(file.rawValue): \(lines.count) cases, which need what is not built yet")
                continue
            }
            for (number, line) in lines.enumerated() {
                do {
                    let value = try NovaValue(parsing: String(line))
                    report.add(value["id"]?.text ?? "\(file.rawValue):\(number + 1)", try check(value))
                } catch { report.add("\(file.rawValue):\(number + 1)", ["cannot be compared: \(error)"]) }
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

/// The recorded files, by what they ask.
enum NovaFile: String, CaseIterable {
    case allocation, devspec, alias
    case placementView = "placement_view"
    case names

    /// Holds one case against our answer; the differences come back. nil: what it asks for is not built yet.
    var check: ((NovaValue) throws -> [String])? {
        switch self {
        case .allocation, .placementView: nil
        case .alias: { try NovaAliasCase($0).differences() }
        case .devspec: { try NovaDeviceSpecCase($0).differences() }
        case .names: { try NovaNamesCase($0).differences() }
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
        guard let text = try need(name).text else { throw UnreadableCase(description: "\(name) is no text") }
        return text
    }

    func needList(_ name: String) throws -> [NovaValue] {
        guard let list = try need(name).list else { throw UnreadableCase(description: "\(name) is no list") }
        return list
    }
}
