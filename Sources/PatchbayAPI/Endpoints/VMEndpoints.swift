import PatchbayCore

/// VMs and their consoles.
package struct VMEndpoints: Sendable {
    private static let power = API.PowerRequest(timeoutSeconds: 120)

    package let vms = Endpoint(
        .get, "/v1/vms", "List managed and adopted VMs", answer: .list(by: { (vm: API.VM) in vm.name })
    ) { service, _ in try await service.vms() }

    package let createVM = Endpoint(
        .post, "/v1/vms", "Define a managed VM",
        body: .json(
            example: API.VMDraft(
                name: "trainer-01", vcpus: 8, memoryMiB: 32768, disk: "/var/lib/images/trainer-01.qcow2",
                requests: [API.RequestDraft(pool: "gpus", count: 2, numa: .required)])),
        answer: .change
    ) { try await $0.createVM($1.body, dryRun: $1.dryRun) }

    package let vm = Endpoint(
        .get, "/v1/vms/{vm}", "Show a VM: what it holds now and at its next start",
        answer: .json(API.VM.self, revision: \.revision)
    ) { try await $0.vm($1.name) }

    package let deleteVM = Endpoint(
        .delete, "/v1/vms/{vm}", "Remove the definition of a stopped VM", answer: .change, precondition: .vm
    ) { try await $0.deleteVM($1.name, dryRun: $1.dryRun) }

    package let attach = Endpoint(
        .post, "/v1/vms/{vm}/attach", "Request devices for a VM",
        body: .json(example: API.RequestDraft(pool: "gpus", count: 1)), answer: .change, precondition: .vm
    ) { try await $0.attach($1.body, to: $1.name, dryRun: $1.dryRun) }

    package let detach = Endpoint(
        .post, "/v1/vms/{vm}/detach", "Remove a request from a VM",
        body: .json(example: API.DetachRequest(pool: "gpus")), answer: .change, precondition: .vm
    ) { try await $0.detach($1.body, from: $1.name, dryRun: $1.dryRun) }

    package let startVM = Endpoint(
        .post, "/v1/vms/{vm}/start", "Choose devices, hand them over and start the VM", answer: .change,
        precondition: .vm
    ) { try await $0.startVM($1.name, dryRun: $1.dryRun) }

    package let stopVM = Endpoint(
        .post, "/v1/vms/{vm}/stop", "Stop a VM and give its devices back",
        body: .json(default: API.PowerRequest(), example: power), answer: .change, precondition: .vm
    ) { try await $0.stopVM($1.name, $1.body, dryRun: $1.dryRun) }

    package let restartVM = Endpoint(
        .post, "/v1/vms/{vm}/restart", "Stop a VM and start it with its present requests",
        body: .json(default: API.PowerRequest(), example: power), answer: .change, precondition: .vm
    ) { try await $0.restartVM($1.name, $1.body, dryRun: $1.dryRun) }

    package let resetVM = Endpoint(
        .post, "/v1/vms/{vm}/reset", "Reset a VM without asking its guest", answer: .change, precondition: .vm
    ) { try await $0.resetVM($1.name, dryRun: $1.dryRun) }

    package let confirmOff = Endpoint(
        .post, "/v1/vms/{vm}/confirm-off", "Confirm that a VM of a lost host is off, which ends its claim",
        body: .json(example: API.Statement(reason: "host burnt")), answer: .change, precondition: .vm
    ) { try await $0.confirmOff($1.name, $1.body, dryRun: $1.dryRun) }

    package let explainVM = Endpoint(
        .get, "/v1/vms/{vm}/explain", "Explain which devices a VM has or would get, or why it cannot start",
        answer: .json(API.Explanation.self)
    ) { try await $0.explainVM($1.name) }

    package let definition = Endpoint(
        .get, "/v1/vms/{vm}/definition", "Get the libvirt definition of a VM", answer: .text,
        statuses: [409, 503, 504]
    ) { try await $0.vmDefinition($1.name) }

    package let consoleLog = Endpoint(
        .get, "/v1/vms/{vm}/console/log", "Get the output of the serial console since the last start", answer: .bytes,
        statuses: [409, 503, 504]
    ) { try await $0.consoleLog($1.name) }

    package let console = Endpoint(
        .get, "/v1/vms/{vm}/console", "Open the serial console and stream its output", answer: .console,
        statuses: [409, 503]
    ) { service, call in
        let (id, output) = try await service.openConsoleSession(call.name)
        return API.ConsoleSession(id: id, vm: call.name, output: output)
    }

    package let consoleInput = Endpoint(
        .post, "/v1/vms/{vm}/console/{session}", "Type into an open console", body: .bytes(upTo: BodyLimit.console),
        answer: .nothing, statuses: [409]
    ) { try await $0.sendConsole($1.body, session: $1.part, vm: $1.name) }

    package let consoleClose = Endpoint(
        .delete, "/v1/vms/{vm}/console/{session}", "Close an open console", answer: .nothing
    ) { await $0.closeConsole(session: $1.part, vm: $1.name) }
}
