import ArgumentParser
import Foundation
import PatchbayCore
import PatchbayLab

struct LabLogs: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "logs", abstract: "Show the last lines of every log of the lab, even when it is down.")

    @OptionGroup var options: LabOptions

    @Option(help: ArgumentHelp("Number of lines from each log.", valueName: "number"))
    var lines = 20

    func run() async throws {
        let lab = options.lab
        let hosts = try lab.hosts()
        let logs = [lab.server.log] + hosts.flatMap { [$0.files.console, $0.files.qemuLog, $0.agentLog] }
        for log in logs {
            guard let bytes = FileManager.default.contents(atPath: log) else { continue }
            print("==> \(log)")
            let text = String(decoding: bytes, as: UTF8.self)
            for line in text.split(whereSeparator: \.isNewline).suffix(lines) { print(line) }
        }
    }
}
