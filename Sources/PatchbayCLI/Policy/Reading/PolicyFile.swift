import Foundation
import PatchbayCore
import PatchbayHost

/// A text that policy is read from, and what it is called when something in it is wrong.
package struct PolicyFile: Hashable, Sendable {
    package var name: String
    package var text: String

    package init(name: String, text: String) {
        self.name = name
        self.text = text
    }

    /// What standard input is called.
    package static let standardInput = "standard input"
    /// Far more than any policy; larger files are something else.
    private static let largest = 4 << 20

    /// Every file that a command line names: files, folders, `-`.
    ///
    /// - Parameter input: reads standard input to its end.
    ///
    /// Throws `.unreadable`, or `.malformedPolicy` for a folder without a policy, for what is no text, and for a file
    /// that is named twice.
    package static func all(
        named paths: [String], input: () throws(Problem) -> [UInt8]
    ) throws(Problem) -> [PolicyFile] {
        var files: [PolicyFile] = []
        var seen: Set<String> = []
        for path in paths {
            for name in path == "-" ? [standardInput] : try expanded(path) {
                let place = path == "-" ? "-" : URL(filePath: name).resolvingSymlinksInPath().path
                guard seen.insert(place).inserted else {
                    throw Problem(
                        .malformedPolicy, "\"\(name)\" is given twice.", next: ["Give every file once."])
                }
                files.append(try file(name, bytes: path == "-" ? try input() : try contents(of: name)))
            }
        }
        return files
    }

    /// A folder stands for its files that end in `.yaml` or `.yml`, in the order of their names.
    private static func expanded(_ path: String) throws(Problem) -> [String] {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw Problem(.unreadable, "There is no file \"\(path)\".", next: ["Name a file, a folder, or - ."])
        }
        guard isFolder.boolValue else { return [path] }
        let names: [String]
        do { names = try FileManager.default.contentsOfDirectory(atPath: path) } catch {
            throw Problem(
                .unreadable, "The folder \"\(path)\" cannot be read.", next: ["Check its permissions."],
                cause: fileErrorWords(error))
        }
        let kept = names.filter { !$0.hasPrefix(".") && ($0.hasSuffix(".yaml") || $0.hasSuffix(".yml")) }.sorted()
        guard !kept.isEmpty else {
            throw Problem(
                .malformedPolicy, "The folder \"\(path)\" has no file that ends in .yaml or .yml.",
                next: ["Name a file, or the folder that the policy is in."])
        }
        return kept.map { path.hasSuffix("/") ? path + $0 : "\(path)/\($0)" }
    }

    private static func contents(of path: String) throws(Problem) -> [UInt8] {
        do { return Array(try Data(contentsOf: URL(filePath: path))) } catch {
            throw Problem(
                .unreadable, "\"\(path)\" cannot be read.", next: ["Check its permissions."],
                cause: fileErrorWords(error))
        }
    }

    private static func file(_ name: String, bytes: [UInt8]) throws(Problem) -> PolicyFile {
        guard bytes.count <= largest else {
            throw Problem(
                .tooLarge, "\"\(name)\" has \(bytes.count) bytes.", next: ["Split it: at most \(largest) bytes a file."]
            )
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Problem(.malformedPolicy, "\"\(name)\" is not UTF-8.", next: ["Save it as UTF-8."])
        }
        return PolicyFile(name: name, text: text)
    }
}
