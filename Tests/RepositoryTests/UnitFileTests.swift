import Foundation
import Testing

/// What `make install` puts in place, and what messages say about it.
@Suite struct `Units of systemd` {
    private static let names = ["patchbay", "patchbay-agent"]

    /// `[Section]` → `Key` → values, as systemd.syntax(7) has them.
    private static func parse(_ text: String) throws -> [String: [String: [String]]] {
        var unit: [String: [String: [String]]] = [:]
        var section = ""
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            if line.hasPrefix("["), line.hasSuffix("]") {
                section = String(line.dropFirst().dropLast())
                continue
            }
            let halves = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            try #require(halves.count == 2 && !section.isEmpty, "\(line)")
            unit[section, default: [:]][halves[0], default: []].append(halves[1])
        }
        return unit
    }

    @Test(arguments: names) func `start again after a crash, without a backtracer, with files enough`(
        _ name: String
    ) throws {
        let unit = try Self.parse(try Repository.text("packaging/\(name).service"))
        let service = try #require(unit["Service"])
        let verb = name == "patchbay" ? "serve" : "agent"
        #expect(service["ExecStart"]?.count == 1)
        #expect(service["ExecStart"]?.first?.hasPrefix("@BINDIR@/patchbay \(verb) ") == true)
        #expect(service["Restart"] == ["on-failure"])
        #expect(service["Environment"] == ["SWIFT_BACKTRACE=enable=no"])
        #expect(Int(service["LimitNOFILE"]?.first ?? "").map { $0 >= 16_384 } == true)
        // The agent reads the host's mounts and writes to sysfs: nothing may give it a view of its own.
        for key in [
            "ProtectSystem", "ProtectHome", "PrivateTmp", "PrivateDevices", "ProtectKernelTunables",
            "ProtectKernelModules", "DevicePolicy", "ProtectClock", "PrivateNetwork",
        ] {
            #expect(service[key] == nil, "\(key) keeps the agent from its work")
        }
        #expect(unit["Install"]?["WantedBy"] == ["multi-user.target"])
    }

    @Test(arguments: names) func `end the program alone, in its own time, and start it however often it ended`(
        _ name: String
    ) throws {
        let unit = try Self.parse(try Repository.text("packaging/\(name).service"))
        // systemd.kill(5): only the program is asked to end, which waits for what it has started.
        #expect(unit["Service"]?["KillMode"] == ["mixed"])
        // systemd.unit(5): the default gives up after five starts in ten seconds.
        #expect(unit["Unit"]?["StartLimitIntervalSec"] == ["0"])
        // A step under way is finished and taken back before the program ends.
        let patience = try #require(Int(unit["Service"]?["TimeoutStopSec"]?.first ?? ""))
        #expect(patience >= 90)
    }

    @Test(
        .enabled(
            if: FileManager.default.isExecutableFile(atPath: "/usr/bin/systemd-analyze"), "needs systemd-analyze"),
        arguments: names)
    func `are what systemd reads`(_ name: String) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "patchbay-units-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "\(name).service")
        let text = try Repository.text("packaging/\(name).service")
        try text.replacing("@BINDIR@/patchbay", with: "/bin/true").write(to: file, atomically: true, encoding: .utf8)
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/systemd-analyze")
        process.arguments = ["verify", "--man=no", "--recursive-errors=no", file.path]
        let output = Pipe()
        process.standardError = output
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        let said = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        let complaints = said.split(separator: "\n").filter { $0.contains("\(name).service") }
        #expect(complaints.isEmpty, "\(said)")
    }

    @Test func `that messages and documents name are those that there are`() throws {
        let mention = /(?:journalctl|systemctl)[a-z -]*? -?-?u? ?'?(patchbay[a-z-]*\*?)'?/
        var seen = 0
        for folder in ["Sources", "docs"] {
            for suffix in [".swift", ".md"] {
                for file in Repository.files(under: folder, ending: suffix) {
                    for found in try Repository.text(file).matches(of: mention) {
                        seen += 1
                        let name = String(found.output.1)
                        #expect(Self.names.contains(name) || name == "patchbay*", "\(file) names the unit \(name)")
                    }
                }
            }
        }
        #expect(seen >= 4, "only \(seen) units are named: the test looks for the wrong words")
    }
}
