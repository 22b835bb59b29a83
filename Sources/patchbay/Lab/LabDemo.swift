import ArgumentParser
import PatchbayClient
import PatchbayCore
import PatchbayLab

struct LabDemo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo", abstract: "Demonstrate everything: devices go into a guest and come back.")

    @OptionGroup var options: LabOptions
    @OptionGroup var cache: LabCacheOptions

    @Flag(help: "Leave the lab and the dashboard running.")
    var keep = false

    func run() async throws {
        try await LabInterruption.watching { try await show() }
    }

    private func show() async throws(Problem) {
        let lab = options.lab
        let narrator = Narrator { LabOutput.tell($0) }
        narrator.stage("a host is emulated: kernel, IOMMU, devices, libvirt, agent")
        let cache = LabCache(directory: cache.labCache.directory) { narrator.say($0) }
        let order = Lab.Order(description: try self.cache.description(), binary: try LabUp.ownProgram())
        let hosts = try await lab.up(order, cache: cache)
        do throws(Problem) {
            guard let host = hosts.first, let url = lab.server.url, let token = lab.server.token else {
                throw Problem(.failed, "The lab came up without a host or a server.")
            }
            narrator.say("dashboard, as long as this runs: \(url)   token: \(token)")
            let client = PatchbayClient(address: try ServerAddress(url), token: token)
            try await Demonstration(service: client, host: host, narrator: narrator).run()
            try await end(lab, url, token, narrator)
        } catch {
            if !keep { try await lab.down() }
            throw error
        }
    }

    private func end(_ lab: Lab, _ url: String, _ token: String, _ narrator: Narrator) async throws(Problem) {
        guard keep else {
            try await lab.down()
            narrator.stage("done; the lab is down. Next: make demo KEEP=1, or \(lab.command("up")), and look around.")
            return
        }
        narrator.stage("done; the lab stays up. Look around:")
        for line in [
            "export PATCHBAY_SERVER=\(url) PATCHBAY_TOKEN=\(token)", "patchbay status", "patchbay device list",
            "patchbay vm start showcase", "open \(url)", "\(lab.command("down"))     # ends it",
        ] {
            narrator.say(line)
        }
    }
}
