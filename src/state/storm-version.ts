/** What daemons say that they are: the version of Storm whose protocols, znodes and files they keep, and who keeps them. */
export const stormVersion = "2.8.8-storm-lab";
