import ArgumentParser
import Foundation
import PatchbayCLI
import PatchbayCore
import PatchbayText
import Testing

@testable import patchbay

/// Whoever is told to type a command has to be able to: every `patchbay …` in the sources, in the documents and in what the
/// commands print is read by the parser of the program.
@Suite struct `Command lines that people are told to type` {
    @Test(arguments: CommandLines.places) func `are read by the parser`(_ place: CommandLines.Place) async throws {
        let lines = try CommandLines.all(in: place)
        #expect(lines.count > 20)
        for line in lines {
            if let complaint = await Self.complaint(about: line.words) {
                Issue.record(
                    "\(line.file): \(line.text)\n  read as: \(line.words.joined(separator: " "))\n  \(complaint)")
            }
        }
    }

    @Test func `are found in text of every form`() {
        let texts = [
            #""See them:  patchbay vm list", next"#: ["vm list"],
            #""Put it back:  patchbay device release \(id.short) --dry-run""#: ["device release x --dry-run"],
            "`patchbay plan show P` or `patchbay status`.": ["plan show P", "status"],
            "  patchbay diff -f FILE|-    what would change": ["diff -f FILE"],
            "    sudo patchbay serve --state DIR  # in front": ["serve --state DIR"],
            "the patchbay binary, and no patchbay-bench": [],
        ]
        for (text, wanted) in texts {
            #expect(CommandLines.lines(of: text).map { $0.joined(separator: " ") } == wanted, "\(text)")
        }
    }

    private static let commands: [Command] = [
        .status, .help("no-fit"), .examine(), .examine(host: "atlas"), .examine(asRoot: true),
        .listHosts, .showHost("atlas"), .showHost(nil), .refreshHost("atlas"), .refreshHost(nil), .inspectHost(),
        .inspectHost(asRoot: true), .recordHost(file: "atlas.tar.xz"), .recordHost(file: nil), .acceptHost("atlas"),
        .acceptHost(nil), .removeHost("atlas"), .uncordonHost("atlas"), .pinHost("atlas"),
        .listDevices(), .listDevices(host: "atlas", kind: .usb, conditions: "state=free host=atlas"),
        .listDevices(kind: .pci), .showDevice("atlas/41:00.0"), .lendDevice("atlas/41:00.0", pool: "gpus"),
        .lendDevice(nil, pool: nil, creates: true), .releaseDevice("atlas/41:00.0"), .returnDevice("atlas/41:00.0"),
        .listUSB(), .listUSB(host: "atlas"), .listGroups(), .listGroups(host: "atlas"), .showGroup(15), .showGroup(nil),
        .listPools, .showPool("gpus"), .createPool("gpus"), .unstickPool("gpus"), .listRules(pool: "gpus"),
        .removeRule("bob's A100", pool: "gpus"), .listProfiles, .showProfile("ai"), .exportPolicy(file: "policy.yaml"),
        .applyPolicy(file: "policy.yaml"),
        .listVMs, .showVM("web-01"), .createVM("web-01"), .deleteVM("web-01"), .startVM("web-01"),
        .startVM("web-01", allowing: .deviceChanged), .restartVM("web-01"),
        .restartVM("web-01", allowing: .groupChanged), .stopVM("web-01"), .stopVMPatiently("web-01"),
        .powerOffVM("web-01"), .confirmOff("web-01"), .explainVM("web-01"), .openConsole("web-01"),
        .readConsole("web-01"), .attach("gpus", to: "web-01"), .attach(nil, to: "web-01"),
        .detach("gpus-1", from: "web-01"), .detach("gpus-1", from: nil),
        .listClaims(), .listClaims(owner: "slurm/job-17"), .showClaim("c-1"), .explainClaim("c-1"), .explainRequests,
        .renewClaim("c-1"), .renewClaim("c-1", givesLease: true), .releaseClaim("c-1"),
        .listPlans(), .listPlans(host: "atlas"), .showPlan("p-1"), .waitForPlan("p-1"), .retryPlan("p-1"),
        .cancelPlan("p-1"), .undoPlan("p-1"), .resolvePlan("p-1"),
        .listStored, .previewDrop(key: "vms/web-01"),
        .serve(.name), .serve(.freePort(of: "127.0.0.1")), .serve(.socket), .serve(.stateFolder), .serve(.noAgent),
        .nameAgent("atlas"), .nameAgent(nil), .connectAgent,
    ]

    @Test func `are read by the parser, each that a message of ours can have`() async throws {
        for command in Self.commands {
            let complaint = await Self.complaint(about: command.line.words)
            #expect(complaint == nil, "\(command.line.text)")
        }
        let known = try Set(CommandLines.cases(of: "Sources/PatchbayCore/Findings/Command.swift", enum: "Command"))
        let tried = Set(Self.commands.map { String("\($0)".prefix { $0 != "(" }) })
        #expect(tried == known, "missing: \(known.subtracting(tried))")
    }

    /// nil: it could be run. What misses a value that only the reader knows is no mistake.
    private static func complaint(about words: [String]) async -> String? {
        if words.first == "help" { return await helpComplaint(about: Array(words.dropFirst())) }
        do {
            _ = try await Patchbay.asyncParseAsRoot(words)
            return nil
        } catch {
            guard !Patchbay.exitCode(for: error).isSuccess else { return nil }
            let message = Patchbay.message(for: error)
            return message.hasPrefix("Missing expected argument") ? nil : message
        }
    }

    private static func helpComplaint(about topic: [String]) async -> String? {
        guard !topic.isEmpty, !CommandLines.topics.contains(topic[0]) else { return nil }
        return await complaint(about: topic + ["--help"])
    }
}
