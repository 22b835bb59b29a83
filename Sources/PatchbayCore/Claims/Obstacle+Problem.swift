extension Obstacle {
    /// The refusal of a plan that would hand over `unit`, with the evidence and what to do.
    func problem(handingOver unit: DeviceUnit, in inventory: Inventory) -> Problem {
        let host = inventory.host.name
        let device = DeviceID(host: host, key: unit.primary).short
        let why =
            switch self {
            case .hostUse(_, let use): "the host \(use.severity.verb) it"
            case .mateUse(_, let group, let use):
                "it shares IOMMU group \(group) with a device the host \(use.severity.verb)"
            case .unknown, .bridge, .hub, .unauthorized, .noIOMMU, .noInterruptRemapping, .noGroup, .unreadGroup,
                .noVFIO, .reservedMemory,
                .stranger, .quarantined, .silent, .virtualFunctions, .mateHeld, .rivalHeld, .defined:
                reason(for: unit.primary).asClause
            }
        return Problem(
            code, "Cannot hand over \(device): \(why).", evidence: evidence(for: unit, in: inventory),
            next: releases(in: inventory) + next(for: unit, in: inventory))
    }

    private var code: ProblemCode {
        switch self {
        case .unknown: .unknownDevice
        case .bridge, .hub, .unauthorized: .notAssignable
        case .noIOMMU, .noInterruptRemapping, .noGroup: .noIOMMU
        case .unreadGroup: .changedMeanwhile
        case .noVFIO: .noVFIO
        case .reservedMemory: .reservedMemory
        case .stranger: .changedMeanwhile
        case .quarantined: .inUse
        case .silent: .deviceSilent
        case .hostUse(_, let use): use.code
        case .mateUse(_, _, let use):
            switch use.severity {
            case .critical: .groupNotIsolated
            case .inUse: .inUse
            case .dataAtRisk: .dataAtRisk
            case .unknown: .notProvenFree
            }
        case .virtualFunctions: .virtualFunctionsInUse
        case .mateHeld, .rivalHeld, .defined: .inUse
        }
    }

    private func evidence(for unit: DeviceUnit, in inventory: Inventory) -> [String] {
        switch self {
        case .unknown(let key):
            ["\(key) is not among the \(inventory.devices(of: key.kind).count) \(key.kind.words)s of the host"]
        case .bridge(let address):
            ["\(address) \(inventory[address]?.name ?? ""), header type \(inventory[address]?.headerType ?? 1)"]
        case .hub(let address): ["\(address) \(inventory[address]?.name ?? ""), device class 09"]
        case .unauthorized(let address): ["/sys/bus/usb/devices/\(address)/authorized reads 0"]
        case .noIOMMU(let verdict): ["iommu \(verdict.rawValue)"]
        case .noInterruptRemapping: ["/proc/interrupts lists no interrupt chip whose name begins with IR-"]
        case .noGroup(let address): ["\(address) has no iommu_group"]
        case .noVFIO: ["vfio-pci is neither loaded, nor built in, nor a module of the running kernel"]
        case .stranger(_, let recognition): recognition.words
        case .quarantined(_, let quarantine): ["claim \(quarantine.claim)"]
        case .silent(let address, let silence): ["\(address): \(silence.words)"]
        case .reservedMemory(let group, let region):
            ["reserved_regions of group \(group): \(region.range) direct"] + inventory.memberLines(of: group)
        case .hostUse(let key, _): inventory.hostUses[key]?.map(\.sentence) ?? []
        case .rivalHeld(let rival, _, let owner): ["\(rival) is allocated to \(owner.words)"]
        case .mateUse(_, let group, _), .unreadGroup(let group), .mateHeld(_, let group, _):
            inventory.memberLines(of: group)
        case .virtualFunctions(let parent):
            inventory[parent].map { ["\(parent) has \($0.activeVFs) virtual functions"] } ?? []
        case .defined(let key, let vm): ["\(key) is in the definition of VM \(vm)"]
        }
    }

    private func next(for unit: DeviceUnit, in inventory: Inventory) -> [NextStep] {
        let host = inventory.host.name
        let pickAnother = NextStep(
            "Choose a device that is free",
            .listDevices(kind: unit.primary.kind, conditions: "state=free host=\(host)"))
        switch self {
        case .unknown, .unreadGroup: return [NextStep("Read the host again", .refreshHost(host))]
        case .bridge, .hub: return ["Choose a device behind it instead.", pickAnother]
        case .unauthorized(let address):
            return [
                NextStep(
                    "Find out what blocks it (usbguard, a udev rule); to allow it once:  "
                        + "echo 1 | sudo tee /sys/bus/usb/devices/\(address)/authorized"), pickAnother,
            ]
        case .noIOMMU(let verdict): return verdict.next(on: host)
        case .noInterruptRemapping: return [NextStep("See why it is off, and how to turn it on", .examine(host: host))]
        case .noGroup: return [pickAnother, NextStep("See whether the host is ready", .showHost(host))]
        case .noVFIO: return [NextStep("Install the vfio-pci module of the running kernel, then", .refreshHost(host))]
        case .stranger(let key, let recognition): return recognition.next(at: key, on: host)
        case .quarantined(let address, _):
            return [NextStep("Clean it, then", .returnDevice("\(host)/\(address.short)")), pickAnother]
        case .silent(let address, _): return (inventory.waysOut(of: address) ?? []) + [pickAnother]
        case .reservedMemory:
            return [
                NextStep(
                    "Look in the firmware setup for an option that shares memory between this slot and the board's management, "
                        + "and turn it off for the slot (HPE calls it shared memory)."),
                pickAnother,
            ]
        case .hostUse(let key, let use):
            return use.next(for: key) + use.readAgain(host) + [pickAnother] + use.code.wayOn
        case .mateUse(let mate, _, let use):
            return [
                NextStep(
                    "Choose a device that is alone in its group",
                    .listDevices(conditions: "state=free alone=yes host=\(host)"))
            ]
                + use.next(for: mate.key) + use.readAgain(host) + (use.severity == .dataAtRisk ? use.code.wayOn : [])
        case .virtualFunctions(let parent):
            return ["Set the number of virtual functions of \(parent.short) to 0 first, or lend those instead."]
        case .mateHeld(_, _, let owner), .rivalHeld(_, _, let owner):
            return [owner.toEnd, pickAnother]
        case .defined(let key, let vm):
            return ["Remove \(key.short) from that definition:  virsh edit \(vm)", pickAnother]
        }
    }
}

extension ProblemCode {
    /// How a person goes on all the same, where they may.
    fileprivate var wayOn: [NextStep] {
        canBeAllowed ? ["Or accept the risk: repeat the command with  --allow \(rawValue) --reason TEXT"] : []
    }
}

extension HostUse {
    /// No event of the kernel tells of these: they are looked at once a minute, so this one may be over.
    fileprivate func readAgain(_ host: String) -> [NextStep] {
        let isWatched = ![.holder, .otherNamespace, .mount].contains(reason)
        return isWatched || severity != .inUse ? [] : [NextStep("If that has ended already", .refreshHost(host))]
    }

    /// Of the whole disk: without their signatures partitions are still there.
    private var wiping: String {
        let disk = chain.dropFirst().prefix { DeviceKey(chainLink: $0) == nil }.last
        return "sudo wipefs -a /dev/\(disk ?? "DISK")"
    }

    /// How a person frees the device, as far as the reason tells.
    fileprivate func next(for device: DeviceKey) -> [NextStep] {
        switch reason {
        case .mount where severity == .unknown, .route where severity == .unknown,
            .defaultRoute where severity == .unknown:
            ["Read the host itself, as root, so that its mounts and routes can be traced to devices."]
        case .mount: ["Move \(chain.first ?? "it") to another disk and unmount it here, then try again."]
        case .swap: ["Turn the swap space off with swapoff, then try again."]
        case .hibernation: ["Take resume= out of the kernel's command line, reboot, then try again."]
        case .crashDump: ["Let kdump write to another disk or server, then try again."]
        case .bootPartition where severity == .unknown:
            ["Mount the partition that the host boots from, so that it can be distinguished from the others."]
        case .bootPartition where severity == .inUse:
            ["Remove that boot entry from the firmware if the host does not need it:  efibootmgr"]
        case .bootPartition, .bootDevice: ["The host boots from it, so it stays with the host."]
        case .volume: ["Deactivate \(chain.first ?? "the volume") first (vgchange, mdadm --stop, zpool export)."]
        case .defaultRoute: ["Move the route to another network card, then try again."]
        case .bootDisplay: ["Let the firmware use another display, or the serial port, as its console, then reboot."]
        case .bridge, .chipset: ["\(device.short) always stays with the host."]
        case .virtualFunctions: ["Stop the VMs that have its virtual functions, and set their number to 0."]
        case .storedData:
            ["Copy what you want to keep from \(chain.first ?? "it"), then wipe the disk:  \(wiping)"]
        case .vmDisk: ["Stop \(chain.first ?? "the VM") or move its disk, then try again."]
        case .route: ["Move the route to another network card, then try again."]
        case .networkMember: ["Remove it from \(chain.first ?? "the bond or bridge") first, then try again."]
        case .listener:
            ["Stop the program that listens on \(chain.first ?? "it") (tcpdump, Suricata, Zeek), then try again."]
        case .networkBoot: ["The host boots over it: let it boot from a disk or over another card first."]
        case .console: ["Make another display or keyboard, or the serial port, the console, then try again."]
        case .management: ["\(device.short) belongs to the board's management and stays with the host."]
        case .usb: ["Unplug \(chain.first ?? "the USB device") or plug it into another controller, then try again."]
        case .childDomain:
            ["Turn off the volume management device in the firmware setup; then the disks below it can be lent."]
        case .holder where severity == .unknown:
            ["Read the host itself, as root and outside any container, so that all its processes are visible."]
        case .holder: ["Stop \(chain.first ?? "the program"), which has it open, then try again."]
        case .mediatedDevices: ["Stop the VMs that have its mediated devices, and remove the mediated devices first."]
        case .memory:
            ["Take its memory offline and destroy its region first (daxctl offline-memory, cxl destroy-region)."]
        case .accelerator: ["Stop the program that uses \(chain.first ?? "it"), then try again."]
        case .otherNamespace where severity == .unknown:
            [
                "Find the namespace of its interface:  ip netns list, lsns -t net",
                "Unbind its driver if no namespace has it.",
            ]
        case .otherNamespace: ["Stop \(chain.first ?? "the program"), which uses its interface, then try again."]
        case .userSpace where isOfXen:
            ["Make it unavailable to Xen guests first:  sudo xl pci-assignable-remove -r \(device)"]
        case .userSpace:
            ["Stop the program that uses it through this driver, then bind it to its own driver or to vfio-pci."]
        }
    }
}

extension Inventory {
    /// One line a member: what it is, and why the host needs it.
    fileprivate func memberLines(of group: IOMMUGroupID) -> [String] {
        let members = self.group(group)?.members ?? []
        return members.map { address in
            guard let function = self[address] else { return "\(address) is not in the inventory" }
            let uses = hostUses[address]?.map { "; " + $0.sentence }.joined() ?? ""
            return "\(address) \(function.name), driver \(function.driver ?? "none")\(uses)"
        }
    }
}

extension String {
    /// A sentence as the part after a colon: without its capital and its full stop.
    fileprivate var asClause: String {
        let text = hasSuffix(".") ? dropLast() : self[...]
        let isAbbreviation = text.dropFirst().first?.isUppercase ?? false
        return isAbbreviation ? String(text) : text.prefix(1).lowercased() + text.dropFirst()
    }
}
