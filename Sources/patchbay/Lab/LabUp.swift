import ArgumentParser
import Foundation
import PatchbayCore
import PatchbayLab

struct LabUp: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "up", abstract: "Start a server and emulated hosts with an agent each.")

    @OptionGroup var options: LabOptions
    @OptionGroup var cache: LabCacheOptions

    @Option(help: ArgumentHelp("Number of hosts: lab1, lab2 and so on.", valueName: "number"))
    var hosts = 1

    @Flag(help: "Start bare hosts: libvirt, but no server and no agents.")
    var noAgents = false

    func validate() throws {
        guard (1...20).contains(hosts) else { throw ValidationError("--hosts takes 1 to 20.") }
    }

    func run() async throws {
        try await LabInterruption.watching { try await start() }
    }

    private func start() async throws(Problem) {
        let lab = options.lab
        let description = try cache.description()
        let binary = noAgents ? nil : try LabUp.ownProgram()
        let order = Lab.Order(hosts: hosts, description: description, binary: binary)
        let cache = cache.labCache
        let start = Date()
        let hosts = try await lab.up(order, cache: cache)
        if let client = try lab.client {
            let reporting = hosts.filter(\.hasAgent).map(\.name)
            cache.progress("waiting for the first report of \(reporting.joined(separator: ", "))")
            try await Lab.waitForReports(of: reporting, since: start, from: client)
        }
        print("The lab is up: \(hosts.map(\.name).joined(separator: ", ")).")
        if let url = lab.server.url, let token = lab.server.token, !noAgents {
            print("Dashboard: \(url)\nToken:     \(token)")
            print("Try:       export PATCHBAY_SERVER=\(url) PATCHBAY_TOKEN=\(token)")
            print("           patchbay device list")
        }
        print("           \(lab.command("run", "lspci"))\nEnd it:    \(lab.command("down"))")
    }

    /// The program that runs right now, to be the lab's server and agents too.
    static func ownProgram() throws(Problem) -> String {
        do {
            return try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        } catch {
            throw Problem(.failed, "The path of this program could not be determined.", cause: "\(error)")
        }
    }
}
