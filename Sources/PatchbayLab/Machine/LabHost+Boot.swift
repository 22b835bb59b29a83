import Foundation
import PatchbayCore

/// A host's boots: the first one sets it up, and later ones find on its disk what was there.
///
/// The disk of `rootDisk` holds every change to the root file system: the agent's journal, libvirt's definitions, what was
/// put into `/etc/modprobe.d`. It lives in the host's folder until the next `lab up` makes a new lab.
extension LabHost {
    /// Lets the host reboot by itself from now on, as `reboot` and sysrq's `b` ask for.
    func allowReboots() async throws(Problem) {
        try await control("set-action", ["reboot": "reset"])
    }

    /// Writes down what the host starts at every boot from now on, and runs it.
    ///
    /// - Parameter agent: the port of the server that the agent calls; nil: no agent.
    func setUp(agent serverPort: Int?) async throws(Problem) {
        var lines = ["#!/bin/bash", "# Written by patchbay lab: what this host starts at every boot.", "set -e"]
        let addresses = try await addresses()
        for wanted in description.makeVirtualFunctions {
            guard let address = addresses[wanted.device] else {
                throw Problem(.unknownDevice, "The host \(name) has no \(wanted.device).")
            }
            lines.append("/share/lab/make-vfs \(address) \(wanted.count)")
        }
        lines.append("/share/lab/start-libvirt")
        if let serverPort {
            try FileManager.default.write(
                Array(agentScript(serverPort: serverPort).utf8), to: agentStart, mode: 0o755)
            lines.append("/share/lab/start-agent")
        }
        let text = lines.joined(separator: "\n") + "\n"
        try FileManager.default.write(Array(text.utf8), to: files.atBoot, mode: 0o755)
        try await shell("/share/lab/at-boot", limit: .seconds(600))
    }

    /// False for a bare host.
    package var hasAgent: Bool { FileManager.default.fileExists(atPath: agentStart) }

    private var agentStart: String { "\(files.share)/lab/start-agent" }

    private func agentScript(serverPort: Int) -> String {
        """
        #!/bin/bash
        # Starts the agent of this host. Written by patchbay lab.
        mkdir -p /var/lib/patchbay
        setsid /share/patchbay/patchbay agent --server http://\(LabServer.nameForHosts):\(serverPort) \\
            --token-file /share/patchbay/token --host \(name) --state /var/lib/patchbay \\
            "$@" </dev/null >>/share/agent.log 2>&1 &
        echo $! >/run/patchbay-agent.pid

        """
    }

    /// Reboots the host and waits until what starts at boot has started.
    ///
    /// - Parameter isAbrupt: without writing out what is in memory, as a power cut or a crash does.
    package func reboot(isAbrupt: Bool) async throws(Problem) {
        let before = try await bootID()
        if !isAbrupt { try await shell("sync; echo u >/proc/sysrq-trigger") }
        try await control("system_reset", [:])
        try await waitForBoot(after: before)
    }

    /// Which boot of its kernel this is.
    package func bootID() async throws(Problem) -> String {
        try await shell("cat /proc/sys/kernel/random/boot_id")
    }

    /// Waits until the host runs commands in another boot than `before`, and has started what it starts at boot.
    package func waitForBoot(after before: String?) async throws(Problem) {
        let (name, host) = (name, self)
        try await Observation.until(.seconds(300), "the host \(name) has booted again") { () async throws(Problem) in
            guard host.process != nil else { throw host.died("The host \(name) died while it booted.") }
            do throws(Problem) {
                let answer = try await host.run(
                    ["cat", "/proc/sys/kernel/random/boot_id"], limit: .seconds(60), patience: .seconds(5))
                return answer.status == 0 && answer.output != before
            } catch {
                return false
            }
        }
        guard FileManager.default.fileExists(atPath: files.atBoot) else { return }
        let status = try await shell(
            "until [ -s /run/lab-boot-status ]; do sleep 0.2; done; cat /run/lab-boot-status", limit: .seconds(600))
        guard status.trimmingCharacters(in: .whitespacesAndNewlines) == "0" else {
            let log = FileManager.default.contents(atPath: files.bootLog) ?? Data()
            throw Problem(
                .failed, "The host \(name) booted, but something that it starts at boot did not start.",
                evidence: String(decoding: log, as: UTF8.self).split(separator: "\n").suffix(8).map(String.init),
                next: ["Read the whole of it: \(files.lab.command("run", "--host", name, "cat", "/share/boot.log"))"])
        }
    }
}
