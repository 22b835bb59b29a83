import Foundation
import PatchbayAPI
import PatchbayCore

/// A stored value with the version of its form, so that a server can tell whether it knows what it reads.
struct Versioned<Value: Codable>: Decodable {
    var version: Int
    var value: Value

    static func bytes(_ value: Value) throws(Problem) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            // What encoding a `Versioned` gives, without another level of containers around each value.
            let text = try encoder.encode(value)
            return Array(#"{"value":"#.utf8) + text + Array(#","version":\#(StoredForm.version)}"#.utf8)
        } catch {
            throw Problem(.storeFailed, "A value of kind \(Value.self) cannot be written as JSON.", cause: "\(error)")
        }
    }

    static func read(_ bytes: [UInt8], from key: String) throws(Problem) -> Value {
        let read: Versioned
        do { read = try JSONDecoder().decode(Versioned.self, from: Data(bytes)) } catch {
            try checkVersion(bytes, from: key)
            throw Problem(
                .unreadable, "The value stored under \"\(key)\" cannot be read.",
                next: ["Check which version of Patchbay wrote it."], cause: "\(error)")
        }
        try checkVersion(read.version, from: key)
        return read.value
    }

    private static func checkVersion(_ bytes: [UInt8], from key: String) throws(Problem) {
        guard let head = try? JSONDecoder().decode(VersionOfValue.self, from: Data(bytes)) else { return }
        try checkVersion(head.version, from: key)
    }

    /// Throws `Problem.otherForm`.
    private static func checkVersion(_ version: Int, from key: String) throws(Problem) {
        guard version != StoredForm.version else { return }
        let isNewer = version > StoredForm.version
        throw Problem(
            Problem.otherForm,
            "The value stored under \"\(key)\" has version \(version); this server knows \(StoredForm.version).",
            next: isNewer
                ? [
                    NextStep(
                        "Install the newer Patchbay that wrote it, or use another state folder", .serve(.stateFolder))
                ]
                : [
                    "With the earlier Patchbay that wrote it, stop VMs that hold devices and release prepared devices.",
                    NextStep("Save its pools and profiles with that version", .exportPolicy(file: "policy.yaml")),
                    NextStep("Then use another state folder", .serve(.stateFolder)),
                    NextStep("Apply them", .applyPolicy(file: "policy.yaml")),
                ])
    }
}

/// The form in which everything is stored. Raised when an earlier value would be read wrongly, or not at all.
private enum StoredForm {
    /// 2: devices of all kinds.
    static let version = 2
}

/// What is asked of a value that cannot be read otherwise.
private struct VersionOfValue: Decodable { var version: Int }

extension Problem {
    /// The code of what a newer or an earlier Patchbay has stored: a server does not start on that.
    static let otherForm = ProblemCode.storeFailed
}

/// The value under `hosts/H`.
struct HostRecord: Codable, Hashable, Sendable {
    var agentVersion: String
    /// When its agent last reported; milliseconds since 1970-01-01T00:00:00Z.
    var lastSeenAt: Int
    var inventoryAt: Int
    /// nil: the last reading is how the host was then.
    var unreadable: Unreadable?
    /// Codes of the risks that its agent knows; nil: it does not say, so it is of an earlier version.
    var allowances: [String]?
    /// The agent that is heard under this name; nil: one that does not say who it is.
    var identity: AgentIdentity?
}

/// Since when a host cannot be read, and why: until it can, nobody knows how it is.
struct Unreadable: Codable, Hashable, Sendable {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    var since: Int
    var problem: Problem
}

/// The value under `audit/…`: who did what, in a sentence.
struct AuditRecord: Codable, Hashable, Sendable {
    var kind: String
    var subject: String
    var sentence: String
    var actor: String
    var at: Int
}
