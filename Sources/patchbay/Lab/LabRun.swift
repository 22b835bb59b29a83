import ArgumentParser
import Foundation
import PatchbayCore
import PatchbayLab

struct LabRun: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Run a command in a host as root; exits with the status of that command.",
        discussion: "One argument is a shell script; several are a program and its arguments.")

    @OptionGroup var options: LabOptions

    @Option(help: "The host (default: the first).")
    var host: String?

    @Option(help: ArgumentHelp("Kill it after this many seconds and exit with 124.", valueName: "seconds"))
    var timeout = 600

    @Flag(name: [.customShort("i"), .customLong("input")], help: "Pass on this command's standard input.")
    var passesInput = false

    @Argument(parsing: .captureForPassthrough)
    var command: [String]

    func run() async throws {
        if ["--help", "-h"].contains(command.first) { throw CleanExit.helpRequest(self) }
        let words = command.first == "--" ? Array(command.dropFirst()) : command
        let arguments = words.count == 1 ? ["bash", "-c", words[0]] : words
        let input = passesInput ? [UInt8](FileHandle.standardInput.readDataToEndOfFile()) : []
        let status = try await options.lab.host(host).stream(arguments, input: input, limit: .seconds(timeout)) {
            isError, bytes in
            (isError ? FileHandle.standardError : FileHandle.standardOutput).write(Data(bytes))
        }
        Foundation.exit(status)
    }
}
