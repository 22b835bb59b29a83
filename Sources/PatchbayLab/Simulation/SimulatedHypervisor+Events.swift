import PatchbayCore

/// What happens to simulated guests from outside.
extension SimulatedHypervisor {
    /// A guest that was there before Patchbay.
    package func adopt(_ domain: Domain) {
        let spec = GuestSpec(
            name: domain.name, vcpus: domain.vcpus ?? 1, memoryMiB: domain.memoryMiB ?? 256,
            boot: .disk(path: "/images/\(domain.name).qcow2", format: "qcow2"))
        guests[domain.name] = Guest(spec: spec, domain: domain)
        broadcast.send()
    }

    /// The `number`-th changing call from the beginning, counted from 1, fails.
    package func fail(call number: Int, _ problem: Problem) { refusals[number] = problem }

    package func forgetFaults() { refusals = [:] }

    /// Every call fails from now on and its events end; guests go on running.
    package func goAway() {
        outage = Problem(
            .hypervisorUnreachable, "The hypervisor of this host does not answer.",
            next: ["See whether it runs:  systemctl status libvirtd"], cause: "Connection refused")
        broadcast.end()
    }

    package func comeBack() { outage = nil }
}
