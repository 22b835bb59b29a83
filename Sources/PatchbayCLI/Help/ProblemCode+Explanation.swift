import PatchbayCore

extension ProblemCode {
    /// What a code means and what to do about it, for `patchbay help CODE`.
    var explanation: (what: String, next: String) {
        switch self {
        case .malformedAddress:
            ("Not a valid device address.", "Write 0000:41:00.0, 41:00.0 or HOST/41:00.0.")
        case .malformedInput:
            ("A value has the wrong format.", "The message says which format is expected.")
        case .unknownField:
            ("There is no field or column of that name.", "patchbay help filters")
        case .malformedRule:
            ("A rule or filter cannot be read.", "patchbay help filters")
        case .malformedPolicy:
            (
                "A policy file cannot be read.",
                "The message names every mistake with file and line. See:  patchbay help policy"
            )
        case .tooLarge:
            ("A request or answer is too large.", "Request less at once.")
        case .usage:
            ("The command line cannot be read.", "Add --help to the command.")
        case .unknownHost: ("No host of that name has reported.", "patchbay host list")
        case .unknownDevice: ("No host has that device now.", "patchbay device list")
        case .unknownGroup: ("The host has no IOMMU group of that number.", "patchbay group list")
        case .unknownPool: ("There is no pool of that name.", "patchbay pool list")
        case .unknownVM: ("There is no VM of that name.", "patchbay vm list")
        case .unknownPlan: ("There is no plan of that name.", "patchbay plan list")
        case .unknownClaim: ("There is no claim of that name.", "patchbay claim list")
        case .unknownProfile: ("There is no profile of that name.", "patchbay profile list")
        case .unknownRoute:
            ("The server does not know this request.", "Compare versions:  patchbay version")
        case .ambiguousName:
            ("A short name matches more than one thing.", "Write it in full, for example atlas/0000:41:00.0.")
        case .hostCritical:
            (
                "The host itself needs the device or a member of its IOMMU group, for its disks, network or console.",
                "patchbay device show DEVICE shows what for. Move that off the device, or choose another."
            )
        case .bootDisplay:
            (
                "The card is the host's display.",
                "Lend another one, or give up the display:  --allow boot-display --reason TEXT"
            )
        case .dataAtRisk:
            (
                "There is data on the device or on a member of its IOMMU group; a guest could overwrite it.",
                "Save the data and wipe the disk, or give the data up:  --allow data-at-risk --reason TEXT"
            )
        case .groupNotIsolated:
            (
                "The IOMMU cannot separate the device from others of its group, and one of those must stay with the host.",
                "Choose a device that is alone, or move the card to another slot. See its members:  patchbay group list"
            )
        case .noIOMMU:
            (
                "The host has no working IOMMU, so a guest could write to all of its memory.",
                "patchbay host show HOST shows whether it is off in the firmware or in the kernel."
            )
        case .noVFIO:
            ("The host's kernel has no vfio-pci driver.", "Install the modules of the running kernel.")
        case .notAssignable:
            ("Devices of this kind, such as bridges, are never handed over.", "patchbay device list")
        case .foreignBinding:
            (
                "The device was bound to vfio-pci by another program; Patchbay does not touch devices that it did "
                    + "not bind.",
                "Find that program, and unbind the device there."
            )
        case .deviceSilent:
            (
                "The device does not answer on the bus: its config space reads as all ones, or the link to it is down.",
                "The message says what may bring it back. Then:  patchbay host refresh HOST"
            )
        case .notInPool:
            (
                "A device that is in no pool cannot be lent.",
                "patchbay device passthrough DEVICE --pool POOL --create"
            )
        case .virtualFunctionsInUse:
            ("Virtual functions of the device are in use.", "Detach those first.")
        case .notUndoable:
            ("The plan has a step that cannot be undone, or it did nothing.", "patchbay plan show PLAN")
        case .inUse: ("It is still in use.", "The message says by whom. Free it there first.")
        case .notProvenFree:
            (
                "It could not be determined whether the host needs the device, so it does not count as free.",
                "patchbay device show DEVICE says what is missing. Run the agent as root."
            )
        case .reservedMemory:
            (
                "The firmware reserves memory for the device (RMRR), so the kernel refuses to give it to a guest.",
                "Look in the firmware setup for an option that turns shared memory or legacy support of the card off."
            )
        case .expectationFailed:
            (
                "The rules of a policy do not match the devices that it expects, so it was not applied.",
                "The message says what they match. Correct the rules, or the expectation."
            )
        case .hostLost:
            (
                "The host is offline, and VMs may still run there.",
                "Bring the host back. If it is gone for good:  --allow host-lost --reason TEXT"
            )
        case .deviceChanged:
            (
                "The device at that address is not the one that the VM had: serial number, place or model differ.",
                "Put the device back, attach another, or accept the one that is there:  "
                    + "--allow device-changed --reason TEXT"
            )
        case .groupChanged:
            (
                "The IOMMU group of a device changed since the VM last started, for example after a firmware or "
                    + "kernel update.",
                "See its members:  patchbay group list. To start anyway:  --allow group-changed --reason TEXT"
            )
        case .otherDevice:
            (
                "The VM had a device of the pool at its last start, the pool is sticky, and that device is not "
                    + "available.",
                "Free that device or put it back. To start with another:  --allow other-device --reason TEXT"
            )
        case .cannotBeAllowed:
            (
                "--allow names a code that is not a risk, or a risk that cannot be accepted.",
                "The message says which risks can be accepted."
            )
        case .deviceTaken: ("Another VM or claim has the device.", "patchbay device show DEVICE, patchbay claim list")
        case .noFit:
            (
                "The free devices cannot serve all requests that are not optional.",
                "patchbay claim explain, with the same options, or patchbay vm explain VM: what would make it fit."
            )
        case .alreadyExists: ("The name is already in use.", "Choose another name.")
        case .changedMeanwhile: ("It was changed after it was read.", "Read it again, then repeat the command.")
        case .planNotCurrent:
            ("The host changed since the plan was made.", "Make the plan again by repeating the command.")
        case .wrongState: ("It is in the wrong state for this.", "The message says which state it needs.")
        case .busy: ("Another plan for it is running.", "Wait until that plan has ended:  patchbay plan list")
        case .cancelled: ("It was cancelled.", "To repeat it:  patchbay plan retry PLAN")
        case .planExpired:
            (
                "The plan waited too long for the agent of its host, so it was withdrawn; nothing was done.",
                "Bring the agent back, then:  patchbay plan retry PLAN"
            )
        case .otherAgent:
            (
                "Two machines use the same host name; only the known one is accepted.",
                "Give each its own name or, if the known one is gone:  patchbay host accept HOST"
            )
        case .tokenMissing: ("The server needs a token.", "Set PATCHBAY_TOKEN, or use the server's unix socket.")
        case .tokenWrong: ("The server does not accept this token.", "Check PATCHBAY_TOKEN.")
        case .formExpired: ("A page was open too long.", "Load it again and repeat.")
        case .serverUnreachable:
            ("Nothing answers at the server's address.", "patchbay serve, or set PATCHBAY_SERVER.")
        case .agentUnreachable:
            ("The agent of the host is not connected.", "On the host:  systemctl status patchbay-agent")
        case .hypervisorUnreachable:
            ("The host's hypervisor does not answer.", "On the host:  systemctl status libvirtd")
        case .timedOut: ("It did not end in time and may still be going on.", "patchbay plan list")
        case .kernelRefused: ("The kernel refused a write.", "The cause names its error. See also:  dmesg")
        case .driverDidNotBind:
            ("The driver did not bind the device.", "See why on the host:  dmesg")
        case .hypervisorRefused: ("The hypervisor refused.", "The cause is its own message.")
        case .unreadable: ("Data that was read is not valid.", "Compare versions:  patchbay version")
        case .corruptJournal:
            (
                "The agent's journal is damaged, so the agent does not know what it has done.",
                "Compare the host with:  patchbay plan list, then move the journal away."
            )
        case .storeFailed: ("The server could not read or write its store.", "Check the disk of the server.")
        case .stillRunning:
            (
                "The guest was asked to power off and is still running.",
                "Shut it down from inside, give it longer with --grace, or end it with --now."
            )
        case .planRolledBack:
            ("A step failed, and the steps before it were undone.", "patchbay plan show PLAN")
        case .planStuck:
            (
                "A step failed and could not be undone: the host needs manual cleanup.",
                "See the remaining steps:  patchbay plan show PLAN"
            )
        case .interrupted: ("It was interrupted.", "Repeat the command.")
        case .failed: ("An unexpected error.", "Repeat it with --debug.")
        }
    }
}
